// Verifies one feed of a Crosstell export with Go's sumdb packages, which know nothing of Crosstell.
//
//	main FEED_FOLDER LOG_KEY COSIGNER_KEY EARLIER_SIZE
//
// It opens the signed checkpoint, proves every entry to its root through the hash tiles, proves the
// growth from an earlier checkpoint, and checks the cosignature on that one (C2SP cosignature/v1).
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func check(err error, what string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

// tiles reads hash tiles; tlog-tiles leaves the height out of the path.
type tiles struct{ folder string }

func (t tiles) Height() int { return height }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, 0, len(wanted))
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(t.folder, path))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

// entries gives the leaves of a feed, in order, from its entry bundles.
func entries(folder string, size int64) ([][]byte, error) {
	var found [][]byte
	for first := int64(0); first < size; first += 256 {
		width := size - first
		if width > 256 {
			width = 256
		}
		tile := tlog.Tile{H: height, L: -1, N: first / 256, W: int(width)}
		path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return nil, err
		}
		for len(data) > 0 {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, errors.New("a bundle is cut")
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			found = append(found, data[2:end])
			data = data[end:]
		}
	}
	if int64(len(found)) != size {
		return nil, fmt.Errorf("%d entries, not %d", len(found), size)
	}
	return found, nil
}

// cosigner verifies the timestamped signatures of C2SP tlog-cosignature.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newCosigner(text string) (*cosigner, error) {
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not a key")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 33 || key[0] != 4 {
		return nil, errors.New("not a cosigner's key")
	}
	return &cosigner{parts[0], uint32(hash), ed25519.PublicKey(key[1:])}, nil
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }
func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(text), sig[8:])
}

// checkpoint opens a signed checkpoint and reads size and root.
func checkpoint(path string, known note.Verifiers) (tlog.Tree, int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, 0, err
	}
	opened, err := note.Open(data, known)
	if err != nil {
		return tlog.Tree{}, 0, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 {
		return tlog.Tree{}, 0, errors.New("not three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, 0, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, len(opened.Sigs), err
}

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: main FEED_FOLDER LOG_KEY COSIGNER_KEY EARLIER_SIZE")
		os.Exit(2)
	}
	folder := os.Args[1]
	log, err := note.NewVerifier(os.Args[2])
	check(err, "log key")
	other, err := newCosigner(os.Args[3])
	check(err, "cosigner key")
	size, err := strconv.Atoi(os.Args[4])
	check(err, "earlier size")

	tree, _, err := checkpoint(filepath.Join(folder, "checkpoint"), note.VerifierList(log))
	check(err, "checkpoint")
	hashes := tlog.TileHashReader(tree, tiles{folder})
	leaves, err := entries(folder, tree.N)
	check(err, "entries")
	for n, leaf := range leaves {
		proof, err := tlog.ProveRecord(tree.N, int64(n), hashes)
		check(err, "inclusion proof")
		err = tlog.CheckRecord(proof, tree.N, tree.Hash, int64(n), tlog.RecordHash(leaf))
		check(err, fmt.Sprintf("entry %d", n))
	}

	path := filepath.Join(folder, "checkpoints", fmt.Sprintf("%016d", size))
	earlier, signatures, err := checkpoint(path, note.VerifierList(log, other))
	check(err, "earlier checkpoint")
	if signatures != 2 {
		check(fmt.Errorf("%d verified signatures", signatures), "cosignature")
	}
	grown, err := tlog.ProveTree(tree.N, earlier.N, hashes)
	check(err, "consistency proof")
	err = tlog.CheckTree(grown, tree.N, tree.Hash, earlier.N, earlier.Hash)
	check(err, "growth")
	fmt.Printf("entries %d, grown from %d, signatures %d\n", len(leaves), earlier.N, signatures)
}
