// Command check reads deployment files the way the programs that use them do, with those programs' own definitions:
//
//	check envoy FILE           Envoy's bootstrap: every field, every extension's type, the constraints of its protos
//	check compose FILE         the Compose specification
//	check operator FILE        ServiceMonitor and PrometheusRule among the documents of FILE: every field known, selectors valid
//
// It ends with 1 and says what is wrong, where.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fail("usage: check envoy|compose|operator FILE")
	}
	checks := map[string]func(string) (string, error){
		"envoy":    checkEnvoy,
		"compose":  checkCompose,
		"operator": checkOperator,
	}
	check, known := checks[os.Args[1]]
	if !known {
		fail("unknown kind of file: " + os.Args[1])
	}
	summary, err := check(os.Args[2])
	if err != nil {
		fail(fmt.Sprintf("%s: %v", os.Args[2], err))
	}
	fmt.Println(summary)
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
