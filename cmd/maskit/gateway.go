package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// gateway is a maskit that runs elsewhere, asked as an operator asks it.
type gateway struct {
	URL      string `placeholder:"URL" env:"MASKIT_URL" help:"Ask a maskit that runs, at the address of its admin listener."`
	Key      string `placeholder:"KEY" env:"MASKIT_OPERATOR_KEY" help:"With --url: the operator's key. Prefer the variable or a file: whoever lists the processes reads the flags."`
	KeyFile  string `placeholder:"FILE" env:"MASKIT_OPERATOR_KEY_FILE" help:"With --url: the file that holds the operator's key, as maskit keys new --out writes it."`
	Passcode string `placeholder:"CODE" env:"MASKIT_PASSCODE" help:"With --url: the passcode, where the values are under one. Prefer the variable."`
	Reason   string `placeholder:"TEXT" help:"With --url: why; it goes into the audit trail."`
	Tenant   string `placeholder:"NAME" help:"With --url: whose tokens they are."`
}

// gatewayTime bounds one request to a gateway.
const gatewayTime = time.Minute

// key returns the operator's key, from wherever it was given.
func (g *gateway) key() (string, error) {
	switch {
	case g.Key != "":
		return g.Key, nil
	case g.KeyFile == "":
		return "", errors.New("restore: give an operator's key in MASKIT_OPERATOR_KEY or --key-file; maskit keys new makes one")
	}
	text, err := os.ReadFile(g.KeyFile)
	if err != nil {
		return "", fmt.Errorf("restore: reading the key: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// restored is what a gateway answers.
type restored struct {
	Text     string `json:"text"`
	Restored int    `json:"restored"`
	Unknown  int    `json:"unknown"`
	Error    struct {
		Message string `json:"message"`
		Field   string `json:"field"`
	} `json:"error"`
}

// restore asks the gateway to put the values back into text. No error holds the
// key, the passcode or a value.
func (g *gateway) restore(ctx context.Context, text, session string) (*restored, error) {
	key, err := g.key()
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(g.Reason) == "" {
		return nil, errors.New("restore: say why with --reason; it goes into the audit trail")
	}
	body, err := json.Marshal(map[string]string{
		"text": text, "tenant": g.Tenant, "session": session, "passcode": g.Passcode, "reason": g.Reason,
	})
	if err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, gatewayTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(g.URL, "/")+"/api/v1/restore", bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("restore: --url is not of the form http(s)://host[:port]")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+key)
	// A redirect would take the key to somebody else.
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		if failed, ok := errors.AsType[*url.Error](err); ok {
			err = failed.Err
		}
		return nil, fmt.Errorf("restore: asking the gateway: %w", err)
	}
	defer resp.Body.Close()
	answer := new(restored)
	if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
		return nil, fmt.Errorf("restore: the gateway answered %d and not as maskit does", resp.StatusCode)
	}
	if resp.StatusCode != http.StatusOK {
		field := answer.Error.Field
		if field != "" {
			field += ": "
		}
		return nil, fmt.Errorf("restore: the gateway refused: %s%s", field, answer.Error.Message)
	}
	return answer, nil
}
