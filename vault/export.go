package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"filippo.io/age"
)

// exportForm is what an exported file holds, as JSON inside an age file
// (age-encryption.org/v1).
type exportForm struct {
	Format       string         `json:"format"`
	Version      int            `json:"version"`
	Conversation string         `json:"conversation"`
	Values       []exportedItem `json:"values"`
}

type exportedItem struct {
	Token     string `json:"token"`
	Value     string `json:"value"`
	Canonical string `json:"canonical,omitempty"`
}

const (
	exportFormat  = "maskit conversation"
	exportVersion = 1
	// maxExport bounds what Import reads, in bytes.
	maxExport = 256 << 20
	// maxToken bounds a token that is imported, in bytes.
	maxToken = 256
)

// What a caller of Export and Import decides by.
var (
	// ErrRecipient says that a recipient, an identity or a passphrase is missing
	// or cannot be read.
	ErrRecipient = errors.New("give either a key of age or a passphrase of 8 bytes at least")
	// ErrImport says that a file is not one that Export wrote, or that the key or
	// the passphrase is not the one it was sealed for.
	ErrImport = errors.New("the file cannot be opened: the key or the passphrase is another, or it is no export of maskit")
)

// Export writes what a conversation holds as a file that only its recipients
// open, in the format of age, and returns how many values there are. Where a
// passcode is set it wants the opener of it, else nil; without it the error is
// ErrPasscode.
func (t *Tenant) Export(ctx context.Context, w io.Writer, conversation string, o *Opener, to ...age.Recipient) (values int, err error) {
	form, err := t.export(ctx, conversation, o)
	if err == nil {
		err = writeExport(w, form, to)
	}
	if err != nil {
		return 0, fmt.Errorf("vault: exporting a conversation: %w", err)
	}
	return len(form.Values), nil
}

func (t *Tenant) export(ctx context.Context, conversation string, o *Opener) (*exportForm, error) {
	if conversation == "" {
		return nil, errors.New("it has no name")
	}
	l, err := t.lockOf(ctx, conversation)
	if err != nil {
		return nil, err
	}
	if l != nil && !o.opens(l) {
		return nil, ErrPasscode
	}
	form := &exportForm{Format: exportFormat, Version: exportVersion, Conversation: conversation, Values: []exportedItem{}}
	err = t.inBatches(ctx, t.prefix+"c:"+t.hide(conversation)+":", func(tokens []string) error {
		return t.members(ctx, conversation, tokens, o, func(i int, canonical, value []byte) {
			item := exportedItem{Token: tokens[i], Value: string(value)}
			if string(canonical) != item.Value {
				item.Canonical = string(canonical)
			}
			form.Values = append(form.Values, item)
		})
	})
	return form, err
}

func writeExport(w io.Writer, form *exportForm, to []age.Recipient) error {
	if len(to) == 0 {
		return ErrRecipient
	}
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(sealed).Encode(form); err != nil {
		return err
	}
	return sealed.Close()
}

// Imported says what became of an import.
type Imported struct {
	Conversation string `json:"conversation"`
	Values       int    `json:"values"`
	// Taken are those whose tokens stand for other values in this vault: they were
	// not imported, and their tokens stay as they are in texts.
	Taken int `json:"taken"`
}

// Import keeps what a file of Export holds, in the conversation of that name or,
// unless it is "", in another one, so that its tokens are restored there. The
// vault may be another one with another key: the tokens stay those of the texts.
// What is under a passcode here is under it from then on.
func (t *Tenant) Import(ctx context.Context, r io.Reader, conversation string, with ...age.Identity) (Imported, error) {
	done, err := t.importForm(ctx, r, conversation, with)
	if err != nil {
		return Imported{}, fmt.Errorf("vault: importing a conversation: %w", err)
	}
	return done, nil
}

func (t *Tenant) importForm(ctx context.Context, r io.Reader, conversation string, with []age.Identity) (Imported, error) {
	form, err := readExport(r, with)
	if err != nil {
		return Imported{}, err
	}
	if conversation == "" {
		conversation = form.Conversation
	}
	items := make([]Item, len(form.Values))
	for i, v := range form.Values {
		items[i] = Item(v)
	}
	done := Imported{Conversation: conversation, Values: len(items)}
	taken, err := t.Keep(ctx, conversation, items)
	for _, is := range taken {
		if is {
			done.Taken++
			done.Values--
		}
	}
	return done, err
}

// readExport opens a file. Its errors say nothing of what is inside.
func readExport(r io.Reader, with []age.Identity) (*exportForm, error) {
	if len(with) == 0 {
		return nil, ErrRecipient
	}
	opened, err := age.Decrypt(r, with...)
	if err != nil {
		return nil, ErrImport
	}
	plain, err := io.ReadAll(io.LimitReader(opened, maxExport+1))
	if err != nil || len(plain) > maxExport {
		return nil, fmt.Errorf("%w: it is cut, altered or larger than %d bytes", ErrImport, maxExport)
	}
	defer clear(plain)
	form := new(exportForm)
	if json.Unmarshal(plain, form) != nil || form.Format != exportFormat || form.Conversation == "" {
		return nil, ErrImport
	}
	if form.Version != exportVersion {
		return nil, fmt.Errorf("%w: it is of version %d, and this maskit reads %d", ErrImport, form.Version, exportVersion)
	}
	tokens := make(map[string]bool, len(form.Values))
	for _, v := range form.Values {
		if !isToken(v.Token) || v.Value == "" || tokens[v.Token] {
			return nil, fmt.Errorf("%w: it has a value without a token, or one token twice", ErrImport)
		}
		tokens[v.Token] = true
	}
	return form, nil
}

// isToken says whether a text may be a token: it becomes a part of keys.
func isToken(s string) bool {
	return s != "" && len(s) <= maxToken && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' })
}

// ExportTo returns for whom to seal a file: the holder of an age key, given its
// public half (age1...), or of a passphrase. One of them must be "".
func ExportTo(recipient string, passphrase Secret) ([]age.Recipient, error) {
	switch {
	case recipient != "" && passphrase == "":
		to, err := age.ParseRecipients(strings.NewReader(recipient))
		if err != nil || len(to) == 0 { // The error would quote what may be a secret key.
			return nil, fmt.Errorf("vault: the recipient is no public key of age (age1...): %w", ErrRecipient)
		}
		return to, nil
	case recipient == "" && len(passphrase) >= minPasscode:
		to, err := age.NewScryptRecipient(passphrase.Reveal())
		if err != nil {
			return nil, fmt.Errorf("vault: %w", ErrRecipient)
		}
		return []age.Recipient{to}, nil
	}
	return nil, fmt.Errorf("vault: %w", ErrRecipient)
}

// ImportWith returns what opens a file: a secret key of age (AGE-SECRET-KEY-1...),
// as its key files hold it, or a passphrase. One of them must be "".
func ImportWith(identity, passphrase Secret) ([]age.Identity, error) {
	switch {
	case identity != "" && passphrase == "":
		with, err := age.ParseIdentities(strings.NewReader(identity.Reveal()))
		if err != nil || len(with) == 0 { // The error would quote the key.
			return nil, fmt.Errorf("vault: the identity is no secret key of age (AGE-SECRET-KEY-1...): %w", ErrRecipient)
		}
		return with, nil
	case identity == "" && passphrase != "":
		with, err := age.NewScryptIdentity(passphrase.Reveal())
		if err != nil {
			return nil, fmt.Errorf("vault: %w", ErrRecipient)
		}
		return []age.Identity{with}, nil
	}
	return nil, fmt.Errorf("vault: %w", ErrRecipient)
}
