package display_test

import (
	"strings"
	"testing"

	"setpoint/sensors/display"
)

func TestSecretsOfASourceAreNotShown(t *testing.T) {
	for in, want := range map[string]string{
		"sim:guide?sensors=3&rate=2":              "sim:guide?sensors=3&rate=2",
		"readings.csv":                            "readings.csv",
		"/data/a@b.csv":                           "/data/a@b.csv",
		"-":                                       "-",
		"":                                        "",
		"mqtt://broker:1883/plant/#":              "mqtt://broker:1883/plant/#",
		"mqtt://broker/plant/+/temp?qos=1":        "mqtt://broker/plant/+/temp?qos=1",
		"mqtt://me:S3@broker/plant":               "mqtt://***@broker/plant",
		"nats://S3@host:4222/x":                   "nats://***@host:4222/x",
		"nats://S3@h1,nats://S3@h2":               "nats://***@h2",
		"mqtt://me:S3/S3?S3#S3@host/t":            "mqtt://***@host/t",
		"mqtt://me:S3@S3@host/t":                  "mqtt://***@host/t",
		"mqtt://me:%zzS3@host":                    "mqtt://***@host",
		"nats:S3@host":                            "nats:***@host",
		"me:S3@host":                              "me:***@host",
		"//S3@host":                               "//***@host",
		"NATS://S3@host":                          "NATS://***@host",
		"mqtt://host/t?password=S3":               "mqtt://host/t?password=***",
		"mqtt://host/t?Password=S3&qos=1":         "mqtt://host/t?Password=***&qos=1",
		"mqtt://host/t?qos=1&token=S3#S3;S3":      "mqtt://host/t?qos=1&token=***",
		"mqtt://host/t?pass%77ord=S3":             "mqtt://host/t?pass%77ord=***",
		"mqtt://host/t?%zz=S3":                    "mqtt://host/t?%zz=***",
		"mqtt://host/t?authToken=S3&auth=S3":      "mqtt://host/t?authToken=***&auth=***",
		"mqtt://host/t?api_key=S3=S3":             "mqtt://host/t?api_key=***",
		"mqtt://host/t?a=1;secret=S3":             "mqtt://host/t?a=1;secret=***",
		"http://host/#access_token=S3":            "http://host/#access_token=***",
		"mqtt://host/t?a=1?password=S3":           "mqtt://host/t?a=1?password=***",
		"mqtt://host:notaport/t?clientsecret=S3&": "mqtt://host:notaport/t?clientsecret=***&",
	} {
		got := display.Redact(in)
		if got != want {
			t.Errorf("Redact(%q)\ngot  %s\nwant %s", in, got, want)
		}
		if strings.Contains(got, "S3") {
			t.Errorf("Redact(%q) = %q shows the secret", in, got)
		}
	}
}

func FuzzRedactHidesUserInformationAndPasswords(f *testing.F) {
	f.Add("me", "p:/?#@ss")
	f.Add("", "%zz")
	f.Fuzz(func(t *testing.T, user, password string) {
		const mark = "S3CRET"
		if got := display.Redact("mqtt://" + user + ":" + mark + password + "@host/t"); strings.Contains(got, mark) {
			t.Errorf("user information is shown: %q", got)
		}
		if got := display.Redact("mqtt://host/t?password=" + mark + password); strings.Contains(got, mark) {
			t.Errorf("a password is shown: %q", got)
		}
	})
}
