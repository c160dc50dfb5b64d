package detect

// Config is the detectors' part of the section "policy".
type Config struct {
	// Enable switches on kinds that are off by default.
	Enable []Kind `yaml:"enable"`
	// Disable switches kinds off.
	Disable []Kind `yaml:"disable"`
	// MinScore is the certainty, in [0,1], below which a finding is dropped.
	MinScore float64 `yaml:"min_score"`
	// Allow lists exact values that are never findings.
	Allow []string `yaml:"allow"`
	// Dictionaries are the organisation's own terms.
	Dictionaries []Dictionary `yaml:"dictionaries"`
}

// Dictionary is a list of terms that are sensitive to one organisation. A
// term is found as whole words, whatever its letter case and spacing.
type Dictionary struct {
	// Kind is what a finding is called, such as PROJECT or CUSTOMER.
	Kind Kind `yaml:"kind"`
	// Terms are the terms themselves.
	Terms []string `yaml:"terms"`
	// File names a text file with one more term a line.
	File string `yaml:"file"`
}

// DefaultConfig is the detection of the standard policy.
func DefaultConfig() Config { return Config{MinScore: 0.4} }
