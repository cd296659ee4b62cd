package provider

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
)

// Each function parses the text of an attribute or of its environment variable. Its error completes a sentence that begins with the name
// ("must be ..."), and never repeats the text.

// production is the default environment.
const production = "api"

var environmentLabels = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

func parseEnvironment(s string) (*url.URL, error) {
	if !environmentLabels.MatchString(s) {
		return nil, errors.New("must be the first labels of https://{environment}.pigello.io, such as api or dev.api")
	}
	return addressOf(s), nil
}

func addressOf(environment string) *url.URL {
	return &url.URL{Scheme: "https", Host: environment + ".pigello.io"}
}

func parseCredential(s string) (string, error) {
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", errors.New("must not hold control characters, such as a line break at its end")
	}
	return s, nil
}

func parseTimeout(s string) (time.Duration, error) {
	timeout, err := time.ParseDuration(s)
	if err != nil || timeout <= 0 {
		return 0, errors.New("must be a duration above zero, such as 30s or 2m")
	}
	return timeout, nil
}

func parseRetries(s string) (int, error) {
	const most = 20
	retries, err := strconv.Atoi(s)
	if err != nil || retries < 0 || retries > most {
		return 0, fmt.Errorf("must be a whole number from 0 to %d", most)
	}
	return retries, nil
}

func parseRate(s string) (float64, error) {
	rate, err := strconv.ParseFloat(s, 64)
	if err != nil || !(rate > 0) {
		return 0, errors.New("must be a number above zero, such as 10")
	}
	return rate, nil
}

func parseFlag(s string) (bool, error) {
	flag, err := strconv.ParseBool(s)
	if err != nil {
		return false, errors.New("must be true or false")
	}
	return flag, nil
}

func parseOnDuplicate(s string) (providerdata.OnDuplicate, error) {
	switch d := providerdata.OnDuplicate(s); d {
	case providerdata.Warn, providerdata.Error, providerdata.Ignore:
		return d, nil
	}
	return "", fmt.Errorf("must be %s, %s or %s", providerdata.Warn, providerdata.Error, providerdata.Ignore)
}

func parseMaxDestroys(s string) (*int64, error) {
	most, err := strconv.ParseInt(s, 10, 64)
	if err != nil || most < 0 {
		return nil, errors.New("must be a whole number, 0 or more")
	}
	return &most, nil
}
