package main

import (
	"io"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"maskit/config"
	"maskit/proxy/audit"
)

// newLog returns the log that the configuration, a valid one, asks for.
func newLog(c config.Log, w io.Writer) *zap.Logger {
	level, err := zapcore.ParseLevel(c.Level)
	if err != nil {
		panic("BUG: the log's level was validated")
	}
	enc := zap.NewProductionEncoderConfig()
	enc.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	enc.EncodeDuration = zapcore.StringDurationEncoder
	encoder := zapcore.NewJSONEncoder(enc)
	if c.Format == config.FormatConsole {
		enc.EncodeTime = zapcore.TimeEncoderOfLayout(time.TimeOnly)
		enc.EncodeLevel = zapcore.CapitalLevelEncoder
		encoder = zapcore.NewConsoleEncoder(enc)
	}
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(w)), level))
}

// logExchange writes one line about an exchange that has ended: at level debug,
// or info if maskit itself raised an error.
func logExchange(log *zap.Logger, x *audit.Exchange) {
	level := zapcore.DebugLevel
	if x.Code != "" {
		level = zapcore.InfoLevel
	}
	line := log.Check(level, "exchange")
	if line == nil {
		return
	}
	line.Write(
		zap.String("id", x.ID),
		zap.String("route", x.Route),
		zap.String("upstream", x.Upstream),
		zap.String("client", x.Client),
		zap.String("policy", x.Policy),
		zap.Int("status", x.Status),
		zap.String("code", x.Code),
		zap.Bool("stream", x.Stream),
		zap.Object("masked", counts(x.Found)),
		zap.Int("restored", x.Restored),
		zap.Int("unknown", x.Unknown),
		zap.Int("withheld", x.Withheld),
		zap.Object("allowed", counts(x.Allowed)),
		zap.Object("unread", counts(x.Unread)),
		zap.Duration("mask", x.Mask),
		zap.Duration("total", x.Total),
	)
}

type counts []audit.Count

// MarshalLogObject writes the counts as members by kind.
func (cs counts) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	for _, c := range cs {
		enc.AddInt(c.Kind, c.N)
	}
	return nil
}
