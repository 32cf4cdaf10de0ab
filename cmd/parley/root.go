package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// commands lists what parley can do, in the order of its help. A command is one file with one constructor:
//
//	func newMock() *cobra.Command {
//		var options mock.Options
//		cmd := &cobra.Command{
//			Use: "mock", Short: "…", Example: "…", // Args: left out, there are none
//			RunE: func(cmd *cobra.Command, _ []string) error {
//				return serve(cmd.Context(), cmd.OutOrStdout(), options)
//			},
//		}
//		cmd.Flags().StringVar(&options.Listen, "listen", "127.0.0.1:8080", "address to listen on")
//		return cmd
//	}
//
// The constructor runs at every start, whatever the command: it declares flags and loads nothing. When RunE is
// called, flags hold their final values (command line, else environment, else config file: settle.go), required
// flags are there, and the context ends with SIGINT or SIGTERM. RunE prints through the command's streams and
// returns an exitStatus for a verdict, or a one-line error. PreRunE belongs to the frame.
func commands() []*cobra.Command {
	return []*cobra.Command{
		newMock(), newVerify(), newDocs(), newProxy(), newExercise(), newListen(), newTrigger(), newCompare(), newRequirements(),
	}
}

// newRoot assembles the program from its commands. env looks up an environment variable; one that is empty counts
// as unset.
func newRoot(env func(string) string, commands ...*cobra.Command) *cobra.Command {
	root := &cobra.Command{
		Use:   "parley",
		Short: "Hold published API documents to their word",
		Long: `Parley gives two things from one contract: a stateful stand-in for the API that a
document describes, and a suite that judges any implementation against it.

Every flag of a command can also be set in the environment (PARLEY_, the command,
the flag: PARLEY_MOCK_LISTEN) or in a YAML file given with --config, under a
section named after the command. The command line wins over the environment, and
the environment over the file.

Exit status: 0 conforms, 1 does not conform, 2 could not judge.`,
		Example: `  parley mock
  parley verify assistloop --target http://127.0.0.1:8080/v1 --token-file token.txt
  parley proxy assistloop --target https://staging.example.com/v1
  parley requirements assistloop`,
		Version:       version(),
		SilenceErrors: true, // Run prints the error, once, on one line
		SilenceUsage:  true,
	}
	root.PersistentFlags().String("config", "", "YAML `file` with a section of flags for each command")
	root.SetFlagErrorFunc(explainFlag)
	root.AddCommand(commands...)
	root.SetHelpCommand(newHelp())
	frame(root, env)
	return root
}

// addCompletion adds cobra's command for shell completion. It comes after the streams are set, because cobra
// keeps the stdout of this moment, and after frame, because it takes no part in environment and config file.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.HasSubCommands() && cmd.RunE == nil {
			asGroup(cmd)
		}
	}
}

// frame gives every command below cmd what all of them share.
func frame(cmd *cobra.Command, env func(string) string) {
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error { return settle(cmd, env) }
	if cmd.HasSubCommands() || !cmd.HasParent() {
		asGroup(cmd)
	} else if cmd.Args == nil {
		cmd.Args = noArguments
	}
	cmd.Flags().SortFlags = false // help shows flags in the order that the command thought of
	for _, sub := range cmd.Commands() {
		frame(sub, env)
	}
}

// asGroup makes a command that only holds others answer a wrong or a missing name with an error. Cobra would
// print help and exit 0: a pipeline that judged nothing must not be green.
func asGroup(cmd *cobra.Command) {
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknownCommand(cmd, args[0])
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return fmt.Errorf("%s needs a command: %s", cmd.CommandPath(), list(subcommands(cmd)))
	}
}

// newHelp replaces cobra's help command, which answers an unknown topic with exit status 0.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Help about any command",
		RunE: func(cmd *cobra.Command, args []string) error {
			topic, rest, _ := cmd.Root().Find(args)
			if topic.HasSubCommands() && len(rest) > 0 {
				return unknownCommand(topic, rest[0])
			}
			return topic.Help()
		},
	}
}
