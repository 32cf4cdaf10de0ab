package output

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

func TestAFileKeepsItsOldContentWhenWritingFailsAndNothingElseIsLeft(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "report.json")
	g.Expect(os.WriteFile(file, []byte("old"), 0o600)).To(Succeed())
	err := Replace(file, func(w io.Writer) error {
		_, _ = w.Write([]byte("half"))
		return errors.New("no more")
	})
	g.Expect(err).To(MatchError("no more"))
	g.Expect(os.ReadFile(file)).To(Equal([]byte("old")))
	g.Expect(os.ReadDir(folder)).To(HaveLen(1))
}

func TestAFileIsTriedBeforehandWithoutATrace(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	folder := t.TempDir()
	g.Expect(Writable(filepath.Join(folder, "new", "report.json"))).To(Succeed())
	g.Expect(os.ReadDir(filepath.Join(folder, "new"))).To(BeEmpty())
	g.Expect(Writable(folder)).To(MatchError(folder + " is a folder: expected a file"))
	g.Expect(Writable(os.DevNull)).To(Succeed())
	plain := filepath.Join(folder, "plain")
	g.Expect(os.WriteFile(plain, []byte("old"), 0o600)).To(Succeed())
	g.Expect(Writable(filepath.Join(plain, "report.json"))).NotTo(Succeed())
	g.Expect(Writable(plain)).To(Succeed())
	g.Expect(os.ReadFile(plain)).To(Equal([]byte("old")))
}
