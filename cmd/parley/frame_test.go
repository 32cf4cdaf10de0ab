package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/spf13/cobra"
)

// The frame is tested with a program of its own, whose commands are "serve" and "judge api". Its output is what
// the flags have come to when the command runs.
type program struct {
	env map[string]string
	got struct {
		listen, token, tokenFile string
		wait                     time.Duration
		faults                   []string
	}
	verdict error
}

func (p *program) serve() *cobra.Command {
	cmd := &cobra.Command{Use: "serve", RunE: func(*cobra.Command, []string) error { return p.verdict }}
	cmd.Flags().StringVar(&p.got.listen, "listen", "default", "")
	cmd.Flags().DurationVar(&p.got.wait, "wait", time.Second, "")
	cmd.Flags().StringArrayVar(&p.got.faults, "fault", nil, "")
	return cmd
}

func (p *program) judge() *cobra.Command {
	judge := &cobra.Command{Use: "judge"}
	api := &cobra.Command{Use: "api", RunE: func(*cobra.Command, []string) error { return p.verdict }}
	api.Flags().StringVar(&p.got.token, "token", "", "")
	api.Flags().StringVar(&p.got.tokenFile, "token-file", "", "")
	api.MarkFlagsMutuallyExclusive("token", "token-file")
	api.MarkFlagsOneRequired("token", "token-file")
	alsoFrom(api, "token", "PARLEY_TOKEN")
	judge.AddCommand(api)
	return judge
}

func (p *program) run(args ...string) (status int, stdout, stderr string) {
	var out, err bytes.Buffer
	root := newRoot(func(name string) string { return p.env[name] }, p.serve(), p.judge())
	status = execute(context.Background(), root, args, nil, &out, &err)
	return status, out.String(), err.String()
}

func configFile(text string) string {
	file := filepath.Join(GinkgoT().TempDir(), "parley.yaml")
	Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
	return file
}

var _ = Describe("The command line", func() {
	var p *program
	BeforeEach(func() { p = &program{env: map[string]string{}} })

	Describe("exit status", func() {
		DescribeTable("says what came of it", func(verdict error, status int, said string) {
			p.verdict = verdict
			got, _, stderr := p.run("serve")
			Expect(got).To(Equal(status))
			Expect(stderr).To(Equal(said))
		},
			Entry("0 when it conforms", nil, 0, ""),
			Entry("1 when it does not, without another word", doesNotConform, 1, ""),
			Entry("2 when nothing could be judged", notJudged, 2, ""),
			Entry("2 for any error, printed on one line", errors.New("cannot listen:\n\tin use"), 2, "parley: cannot listen:; \tin use\n"),
		)
	})

	DescribeTable("answers a mistake with one line, the nearest valid name and exit status 2", func(args []string, said string) {
		status, stdout, stderr := p.run(args...)
		Expect(stderr).To(Equal("parley: " + said + "\n"))
		Expect(stdout).To(BeEmpty())
		Expect(status).To(Equal(2))
	},
		Entry(nil, []string{}, `parley needs a command: completion, judge, serve`),
		Entry(nil, []string{"judge"}, `parley judge needs a command: api`),
		Entry(nil, []string{"srve"}, `unknown command "srve" of parley; did you mean serve?`),
		Entry(nil, []string{"srve", "--listen", "x"}, `unknown command "srve" of parley; did you mean serve?`),
		Entry(nil, []string{"elephant"}, `unknown command "elephant" of parley; there are completion, judge, serve`),
		Entry(nil, []string{"judge", "ap"}, `unknown command "ap" of parley judge; did you mean api?`),
		Entry(nil, []string{"help", "srve"}, `unknown command "srve" of parley; did you mean serve?`),
		Entry(nil, []string{"completion", "bsh"}, `unknown command "bsh" of parley completion; did you mean bash?`),
		Entry(nil, []string{"serve", "extra"}, `unexpected "extra" after parley serve`),
		Entry(nil, []string{"serve", "--lisetn", "x"}, `unknown flag --lisetn of parley serve; did you mean --listen?`),
		Entry(nil, []string{"serve", "--elephant"}, `unknown flag --elephant of parley serve; see parley serve --help`),
		Entry(nil, []string{"serve", "-x"}, `unknown flag -x of parley serve; see parley serve --help`),
		Entry(nil, []string{"serve", "--listen"}, `--listen needs a value`),
		Entry(nil, []string{"serve", "--wait", "3"}, `--wait: "3" is not a duration like 250ms or 1m30s`),
		Entry(nil, []string{"judge", "api"}, `at least one of the flags in the group [token token-file] is required`),
	)

	It("prints help and version on stdout", func() {
		status, stdout, stderr := p.run("serve", "--help")
		Expect(status).To(Equal(0))
		Expect(stderr).To(BeEmpty())
		Expect(stdout).To(ContainSubstring("--listen"))
		_, stdout, _ = p.run("--version")
		Expect(stdout).To(HavePrefix("parley version "))
	})

	It("completes commands and flags in a shell", func() {
		_, stdout, _ := p.run("__complete", "serve", "--li")
		Expect(stdout).To(ContainSubstring("--listen"))
		status, stdout, _ := p.run("completion", "bash")
		Expect(status).To(Equal(0))
		Expect(stdout).To(ContainSubstring("__start_parley"))
	})

	Describe("a flag's value", func() {
		It("comes from the command line, else the environment, else the config file, else its default", func() {
			p.env["PARLEY_CONFIG"] = configFile("serve: {listen: file, wait: 3s}\n")
			p.run("serve")
			Expect(p.got.listen).To(Equal("file"))

			p.env["PARLEY_SERVE_LISTEN"] = "environment"
			p.run("serve")
			Expect(p.got.listen).To(Equal("environment"))
			Expect(p.got.wait).To(Equal(3 * time.Second))

			p.run("serve", "--listen", "flag")
			Expect(p.got.listen).To(Equal("flag"))

			p.env = map[string]string{"PARLEY_SERVE_LISTEN": ""}
			p.run("serve")
			Expect(p.got.listen).To(Equal("default"))
		})

		It("is a list when the flag can be repeated, and stronger places replace the whole list", func() {
			file := configFile("serve:\n  fault: [a, b]\n")
			p.run("serve", "--config", file)
			Expect(p.got.faults).To(Equal([]string{"a", "b"}))

			p.env["PARLEY_SERVE_FAULT"] = "c=1,d\ne\n"
			p.run("serve", "--config", file)
			Expect(p.got.faults).To(Equal([]string{"c=1,d", "e"}))

			p.run("serve", "--config", file, "--fault", "f")
			Expect(p.got.faults).To(Equal([]string{"f"}))
		})

		It("may come from a variable that commands share, after the flag's own", func() {
			p.env["PARLEY_TOKEN"] = "shared"
			Expect(p.run("judge", "api")).To(Equal(0))
			Expect(p.got.token).To(Equal("shared"))
			p.env["PARLEY_JUDGE_API_TOKEN"] = "own"
			p.run("judge", "api")
			Expect(p.got.token).To(Equal("own"))
		})

		It("displaces weaker ones of flags that it excludes, instead of clashing with them", func() {
			p.env["PARLEY_TOKEN"] = "shared"
			status, _, stderr := p.run("judge", "api", "--token-file", "token.txt")
			Expect(stderr).To(BeEmpty())
			Expect(status).To(Equal(0))
			Expect(p.got.token).To(BeEmpty())
			Expect(p.got.tokenFile).To(Equal("token.txt"))
		})

		It("is named with its place when it is wrong", func() {
			p.env["PARLEY_SERVE_WAIT"] = "soon"
			_, _, stderr := p.run("serve")
			Expect(stderr).To(Equal("parley: PARLEY_SERVE_WAIT: --wait: \"soon\" is not a duration like 250ms or 1m30s\n"))
		})
	})

	DescribeTable("refuses a config file with a mistake, also in a section of another command", func(text, said string) {
		file := configFile(text)
		status, _, stderr := p.run("serve", "--config", file)
		Expect(stderr).To(Equal("parley: config " + file + said + "\n"))
		Expect(status).To(Equal(2))
	},
		Entry(nil, "serve:\n  lisetn: x\n", `:2: unknown key "lisetn" in section "serve"; did you mean listen?`),
		Entry(nil, "srve:\n  listen: x\n", `:1: unknown key "srve" in the file; did you mean serve?`),
		Entry(nil, "judge:\n  api:\n    tokne: x\n", `:3: unknown key "tokne" in section "api"; did you mean token?`),
		Entry(nil, "config: x\n", `:1: unknown key "config" in the file; valid keys: judge, serve`),
		Entry(nil, "serve: 3\n", `:1: section "serve" is to be a section of keys and values`),
		Entry(nil, "serve:\n  listen: a\n  listen: b\n", `:3: "listen" stands twice in section "serve"`),
		Entry(nil, "serve:\n  listen: [a, b]\n", `:2: "listen" takes one value`),
		Entry(nil, "serve:\n  listen:\n", `:2: "listen" takes one value`),
		Entry(nil, "serve:\n  wait: 3\n", `:2: --wait: "3" is not a duration like 250ms or 1m30s`),
		Entry(nil, "serve: [\n", `: yaml: line 1: did not find expected node content`),
	)

	It("takes an empty config file and says when there is none", func() {
		Expect(p.run("serve", "--config", configFile("# nothing yet\n"))).To(Equal(0))
		_, _, stderr := p.run("serve", "--config", "no/such.yaml")
		Expect(stderr).To(Equal("parley: config no/such.yaml: no such file\n"))
	})

	It("says that it was interrupted when its context ends", func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		var stderr bytes.Buffer
		p.verdict = ctx.Err()
		Expect(execute(ctx, newRoot(os.Getenv, p.serve()), []string{"serve"}, nil, &stderr, &stderr)).To(Equal(2))
		Expect(stderr.String()).To(Equal("parley: interrupted\n"))
	})
})
