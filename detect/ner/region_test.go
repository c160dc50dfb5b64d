package ner

import "testing"

// TestCode holds that what programs call things is none of anybody's names, and
// that names in comments, strings and data beside them are still found.
func TestCode(t *testing.T) {
	m := load(t)
	for _, want := range []string{
		// Code.
		"type Conn struct {\n\tserver *Server\n\tconn   net.Conn\n}\n\n// A Conn reads messages from the reader.\nfunc (c *Conn) Read() error { return c.conn.Err }",
		"import Foundation\n\nlet lexer = Lexer(source)\nif lexer.isAtEnd { return nil }\nvar marker: Marker = lexer.marker",
		"\tVXOR V5, V9, V5\n\tVRLW V7, V28, V7\n\tMOVD R8, CTR\n\tSLLV R9, R11, R10\n",
		"\tcase \"BE\":\n\t\treturn Belgium\n\tcase \"PE\":\n\t\treturn Peru // Peru\n\t}\n\treturn nil\n",
		"var marks = map[int]string{\n\t9:  \"AU\",\n\t31: \"HU\",\n\t44: \"NG\",\n}\n",
		"const licenses = [\n\t\"Brian-Gladman-3-Clause\",\n\t\"Martin-Birgmeier\",\n\t\"OGL-Canada-2.0\",\n\t\"TU-Berlin-1.0\",\n];",
		"Call `Jackson` to parse it.",
		"[\"a640\",\"共再冰列刑划刎刖劣匈匡匠印危吉吏同吊吐吁吋各向名合吃后吆吒因回囝圳地圬圯圩夙多夷夸妄奸妃好她如妁\"]",
		// What stands in it.
		"// Copyright 2015 P«Maria Callas». All rights reserved.\n\npackage song\n\nimport \"fmt\"\n",
		"func greet() {\n\tfmt.Println(\"Dear P«Jennifer Thompson», welcome\")\n\treturn\n}\n",
		"def owner():\n    # Ask P«Jennifer Thompson» before you change this.\n    return db.find(user_id)\n",
		"/*\n * Written by P«Maria Callas».\n **/\nint main(void) {\n\treturn 0;\n}\n",
		"users := []User{\n\t{Name: \"P«Hiroshi Tanaka»\", Age: 31},\n}\n",
		// What stands beside it.
		"P«Maria» says that this does not compile, please mend it:\n\nfunc (s *Server) Close() error {\n\treturn s.listener.Close()\n}\n",
		"{\"author\": {\"first_name\": \"P«Hiroshi»\", \"last_name\": \"P«Tanaka»\", \"city\": \"L«Osaka»\"}}",
		"- (a) P«Maria Callas»; the singer of the first part;\n- (b) P«Jennifer Thompson»; who plays the second part;\n",
	} {
		if got := marked(m, unmarked.Replace(want)); got != want {
			t.Errorf("found %s", got)
		}
	}
}

// TestRegions holds how lines are told apart.
func TestRegions(t *testing.T) {
	none, err := pack(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text string
		want       []region
	}{
		{"prose", "We met them on Monday; they were late.\nThe offer (of last week) stands.", []region{0, 0}},
		{"one line", "func (c *Conn) Read() error { return c.conn.Err }", []region{regionCode}},
		{"comment over lines", "/* It is\n * long.\n */\nx := y()\n", []region{1, 1, 1, regionCode}},
		{"the end of a comment", "as was said */\nreturn x == y && f(z);\n", []region{regionComment, regionCode}},
		{"headings", "# Minutes\nWe were all there.\n", []region{0, 0}},
		{"data", `{"name": "x", "list": [{"a": 1}, {"b": 2}]}`, []region{0}},
	} {
		var tx text
		tx.tokenise([]byte(c.text), 0)
		tx.prepare(&none)
		tx.readRegions()
		for i, want := range c.want {
			if got := tx.regions[i]; got != want {
				t.Errorf("%s: line %d: %d, want %d", c.name, i, got, want)
			}
		}
	}
}
