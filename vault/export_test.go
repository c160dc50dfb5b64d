package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"filippo.io/age"
)

func newIdentity(t *testing.T) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func mustExport(t *testing.T, tenant *Tenant, o *Opener, to ...age.Recipient) []byte {
	t.Helper()
	var file bytes.Buffer
	n, err := tenant.Export(t.Context(), &file, "c", o, to...)
	if err != nil || n != 3 {
		t.Fatalf("%d values were exported, %v", n, err)
	}
	wantNothingOf(t, file.Bytes(), ada, bob, cyn)
	return file.Bytes()
}

// What one vault exports another one restores, under another key too.
func TestExport(t *testing.T) {
	id := newIdentity(t)
	from := newMemoryVault(t).Tenant("acme")
	mustKeep(t, from, "c", ada, bob, cyn)
	mustKeep(t, from, "d", Item{"EMAIL5BCDFGHJ", "dan@example.com", ""})
	file := mustExport(t, from, nil, id.Recipient())

	for _, c := range []struct{ name, as string }{{"its own name", ""}, {"another name", "e"}} {
		to := newMemoryVault(t).Tenant("other")
		done, err := to.Import(t.Context(), bytes.NewReader(file), c.as, id)
		conversation := "c"
		if c.as != "" {
			conversation = c.as
		}
		if err != nil || done != (Imported{conversation, 3, 0}) {
			t.Errorf("%s: %+v, %v", c.name, done, err)
		}
		wantKept(t, c.name, to, conversation, ada.Value, bob.Value, cyn.Value)
		wantKept(t, c.name, to, "d", "", "", "")
		// Its canonical form came along: another spelling is the same value.
		if taken := mustKeep(t, to, conversation, Item{cyn.Token, "CYN@EXAMPLE.COM", cyn.Canonical}); taken != nil {
			t.Errorf("%s: another spelling is another value", c.name)
		}
	}
}

func TestExportUnderAPasscode(t *testing.T) {
	id := newIdentity(t)
	from, to := newMemoryVault(t).Tenant("acme"), newMemoryVault(t).Tenant("acme")
	mustLock(t, from, "c")
	mustKeep(t, from, "c", ada, bob, cyn)
	var file bytes.Buffer
	for name, o := range map[string]*Opener{"none": nil, "another's": mustUnlock(t, locked(t), "")} {
		if _, err := from.Export(t.Context(), &file, "c", o, id.Recipient()); !errors.Is(err, ErrPasscode) || file.Len() > 0 {
			t.Errorf("opener: %s: %v", name, err)
		}
	}
	mustLock(t, to, "c")
	if _, err := to.Import(t.Context(), bytes.NewReader(mustExport(t, from, mustUnlock(t, from, "c"), id.Recipient())), "", id); err != nil {
		t.Fatal(err)
	}
	wantKept(t, "without the passcode there", to, "c", "", "", "")
	wantOpened(t, "with it", mustUnlock(t, to, "c"), ada.Value, bob.Value, cyn.Value)
}

func locked(t *testing.T) *Tenant {
	tenant := newMemoryVault(t).Tenant("acme")
	mustLock(t, tenant, "")
	return tenant
}

// A token that means another value in the vault goes on meaning that.
func TestImportTaken(t *testing.T) {
	id := newIdentity(t)
	from, to := newMemoryVault(t).Tenant("acme"), newMemoryVault(t).Tenant("acme")
	mustKeep(t, from, "c", ada, bob, cyn)
	mustKeep(t, to, "c", Item{bob.Token, "eve@example.com", ""})
	done, err := to.Import(t.Context(), bytes.NewReader(mustExport(t, from, nil, id.Recipient())), "", id)
	if err != nil || done != (Imported{"c", 2, 1}) {
		t.Errorf("%+v, %v", done, err)
	}
	wantKept(t, "after", to, "c", ada.Value, "eve@example.com", cyn.Value)
}

func TestImportRefuses(t *testing.T) {
	id := newIdentity(t)
	tenant := newMemoryVault(t).Tenant("acme")
	seal := func(content string) []byte {
		var file bytes.Buffer
		w, err := age.Encrypt(&file, id.Recipient())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		return file.Bytes()
	}
	of := func(change func(*exportForm)) []byte {
		form := &exportForm{exportFormat, exportVersion, "c", []exportedItem{{Token: "T2", Value: "secret-x"}}}
		change(form)
		text, err := json.Marshal(form)
		if err != nil {
			t.Fatal(err)
		}
		return seal(string(text))
	}
	right := of(func(*exportForm) {})
	if _, err := tenant.Import(t.Context(), bytes.NewReader(right), "", id); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{
		"nothing":     nil,
		"no age file": []byte("secret-x"),
		"cut":         right[:len(right)-1],
		"altered":     append(bytes.Clone(right[:len(right)-1]), right[len(right)-1]^1),
		"for somebody else": func() []byte {
			var b bytes.Buffer
			_ = writeExport(&b, new(exportForm), []age.Recipient{newIdentity(t).Recipient()})
			return b.Bytes()
		}(),
		"not JSON":             seal("secret-x"),
		"another format":       of(func(f *exportForm) { f.Format = "secret-x" }),
		"another version":      of(func(f *exportForm) { f.Version = 2 }),
		"no conversation":      of(func(f *exportForm) { f.Conversation = "" }),
		"no token":             of(func(f *exportForm) { f.Values[0].Token = "" }),
		"a token that is none": of(func(f *exportForm) { f.Values[0].Token = "T\x00" }),
		"no value":             of(func(f *exportForm) { f.Values[0].Value = "" }),
		"a token twice":        of(func(f *exportForm) { f.Values = append(f.Values, f.Values[0]) }),
	} {
		if _, err := tenant.Import(t.Context(), bytes.NewReader(file), "", id); !errors.Is(err, ErrImport) || strings.Contains(err.Error(), "secret-x") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := tenant.Import(t.Context(), bytes.NewReader(right), ""); !errors.Is(err, ErrRecipient) {
		t.Errorf("without a key: %v", err)
	}
	if _, err := tenant.Export(t.Context(), new(bytes.Buffer), "c", nil); !errors.Is(err, ErrRecipient) {
		t.Errorf("to nobody: %v", err)
	}
	if _, err := tenant.Export(t.Context(), new(bytes.Buffer), "", nil, id.Recipient()); err == nil {
		t.Error("no conversation was exported")
	}
}

func TestExportKeys(t *testing.T) {
	id := newIdentity(t)
	hybrid, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	from := newMemoryVault(t).Tenant("acme")
	mustKeep(t, from, "c", ada, bob, cyn)
	for name, c := range map[string]struct {
		recipient            string
		identity, passphrase Secret
	}{
		"X25519":       {id.Recipient().String() + "\n", Secret("# a key file\n" + id.String()), ""},
		"post-quantum": {hybrid.Recipient().String(), Secret(hybrid.String()), ""},
		"passphrase":   {"", "", code},
	} {
		to, err := ExportTo(c.recipient, c.passphrase)
		if err != nil {
			t.Fatal(name, err)
		}
		with, err := ImportWith(c.identity, c.passphrase)
		if err != nil {
			t.Fatal(name, err)
		}
		if done, err := from.Import(t.Context(), bytes.NewReader(mustExport(t, from, nil, to...)), "", with...); err != nil || done.Values != 3 {
			t.Errorf("%s: %+v, %v", name, done, err)
		}
	}
	secret := id.String()
	for _, wrong := range []struct {
		recipient  string
		passphrase Secret
	}{{"", ""}, {"age1", ""}, {secret, ""}, {id.Recipient().String(), code}, {"", "seven77"}} {
		if _, err := ExportTo(wrong.recipient, wrong.passphrase); !errors.Is(err, ErrRecipient) || strings.Contains(err.Error(), secret) {
			t.Errorf("to %d and %d bytes: %v", len(wrong.recipient), len(wrong.passphrase), err)
		}
	}
	for _, wrong := range []struct{ identity, passphrase Secret }{{"", ""}, {Secret(secret[:20]), ""}, {Secret(secret), code}} {
		if _, err := ImportWith(wrong.identity, wrong.passphrase); !errors.Is(err, ErrRecipient) || strings.Contains(err.Error(), secret[:20]) {
			t.Errorf("with %d and %d bytes: %v", len(wrong.identity), len(wrong.passphrase), err)
		}
	}
}
