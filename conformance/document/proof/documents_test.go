package proof

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// A subject is a document that the proof is made with, and the contract that it is of.
type subject struct {
	name, contract, text string
	known                int // contradictions that readings settle, as published
}

// published are the documents as their publishers have them. They are no part of the project: whoever has them puts
// them into a folder shared/documents beside or above the checkout, or names the folder in PARLEY_DOCUMENTS.
var published = []struct{ file, contract string }{
	{"assistloop-make.txt", "assistloop"},
	{"infobip-conversations.txt", "conversations"},
}

var readPublished = sync.OnceValue(func() []subject {
	var subjects []subject
	for _, p := range published {
		for _, folder := range folders() {
			if text, err := os.ReadFile(filepath.Join(folder, p.file)); err == nil {
				subjects = append(subjects, subject{name: p.file, contract: p.contract, text: string(text)})
				break
			}
		}
	}
	return subjects
})

func folders() []string {
	if folder := os.Getenv("PARLEY_DOCUMENTS"); folder != "" {
		return []string{folder}
	}
	_, file, _, _ := runtime.Caller(0)
	var folders []string
	for at := filepath.Dir(file); at != filepath.Dir(at); at = filepath.Dir(at) {
		folders = append(folders, filepath.Join(at, "shared", "documents"))
	}
	if at, err := os.Getwd(); err == nil { // where paths of the build are trimmed
		for ; at != filepath.Dir(at); at = filepath.Dir(at) {
			folders = append(folders, filepath.Join(at, "shared", "documents"))
		}
	}
	return folders
}

// own are documents of the project, in the manner of the published ones, which are there wherever it is tested. They
// tell of less, so that what is missing from them is found as they are.
func own(contract string) subject {
	GinkgoHelper()
	text, err := os.ReadFile(filepath.Join("..", "testdata", contract+".txt"))
	Expect(err).NotTo(HaveOccurred())
	return subject{name: contract + ".txt", contract: contract, text: string(text)}
}

// real returns a published document, and skips the spec where it is not at hand.
func real(contract string) subject {
	GinkgoHelper()
	for _, s := range readPublished() {
		if s.contract == contract {
			Expect(s.text).NotTo(BeEmpty())
			return s
		}
	}
	Skip("the published document of " + contract + " is not at hand: set PARLEY_DOCUMENTS to its folder")
	return subject{}
}
