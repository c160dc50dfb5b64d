package admin

import (
	"bytes"
	"encoding/base64"
	"net/http"

	"maskit/vault"
)

// fileBody bounds a body with a file in base64, in bytes.
const fileBody = 64 << 20

type exportRequest struct {
	Tenant     string `json:"tenant,omitempty" doc:"the operator's own tenant if it is left out"`
	Session    string `json:"session" doc:"the conversation"`
	Passcode   string `json:"passcode,omitempty" doc:"where the values are under one"`
	Recipient  string `json:"recipient,omitempty" doc:"a public key of age (age1...), for whose holder the file is sealed"`
	Passphrase string `json:"passphrase,omitempty" doc:"instead of a recipient: what opens the file, 8 bytes at least"`
	Reason     string `json:"reason" doc:"why; it goes into the audit trail"`
}

// exportConversation answers with what a conversation holds, as a file in the
// format of age that only its recipient opens.
func (s *Server) exportConversation(c *call) error {
	in := new(exportRequest)
	body, err := readBody(c.w, c.r, c.route.limit)
	if err != nil {
		return err
	}
	if err := parse(body, in, false); err != nil {
		return err
	}
	tenant, err := c.tenant(in.Tenant)
	if err != nil {
		return err
	}
	if in.Session == "" {
		return errInvalid.at("session", "is missing")
	}
	to, err := vault.ExportTo(in.Recipient, vault.Secret(in.Passphrase))
	if err != nil {
		return err
	}
	op := s.operation(c, "export")
	op.Tenant, op.Session = tenant, in.Session
	var file bytes.Buffer
	err = s.recorded(c, op, in.Reason, func() error {
		opener, err := unlock(c.r.Context(), s.vault.Tenant(tenant), in.Session, in.Passcode)
		if err != nil {
			return err
		}
		_, err = s.vault.Tenant(tenant).Export(c.r.Context(), &file, in.Session, opener, to...)
		return err
	})
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", ageMedia)
	c.w.Header().Set("Content-Disposition", `attachment; filename="conversation.age"`)
	c.w.WriteHeader(http.StatusOK)
	_, _ = c.w.Write(file.Bytes()) // If the client has gone, so be it.
	return nil
}

const ageMedia = "application/octet-stream"

type importRequest struct {
	Tenant     string `json:"tenant,omitempty" doc:"the operator's own tenant if it is left out"`
	Session    string `json:"session,omitempty" doc:"the conversation that it becomes; its own name if it is left out"`
	File       string `json:"file" doc:"the file, in base64"`
	Identity   string `json:"identity,omitempty" doc:"the secret key of age (AGE-SECRET-KEY-1...) that opens it"`
	Passphrase string `json:"passphrase,omitempty" doc:"instead of a key: the passphrase that opens it"`
	Reason     string `json:"reason" doc:"why; it goes into the audit trail"`
}

// importConversation keeps what a file of an export holds.
func (s *Server) importConversation(c *call, in *importRequest) (*vault.Imported, error) {
	tenant, err := c.tenant(in.Tenant)
	if err != nil {
		return nil, err
	}
	file, err := base64.StdEncoding.DecodeString(in.File)
	if err != nil {
		return nil, errInvalid.at("file", "is not base64")
	}
	with, err := vault.ImportWith(vault.Secret(in.Identity), vault.Secret(in.Passphrase))
	if err != nil {
		return nil, err
	}
	op := s.operation(c, "import")
	op.Tenant, op.Session = tenant, in.Session
	done := new(vault.Imported)
	err = s.recorded(c, op, in.Reason, func() (err error) {
		*done, err = s.vault.Tenant(tenant).Import(c.r.Context(), bytes.NewReader(file), in.Session, with...)
		return err
	})
	return done, err
}
