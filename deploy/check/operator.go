package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

func checkOperator(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	monitors, rules := 0, 0
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
		var kind meta.TypeMeta
		if err := yaml.Unmarshal(document, &kind); err != nil {
			return "", err
		}
		switch kind.Kind {
		case "ServiceMonitor":
			monitor := &monitoring.ServiceMonitor{}
			if err := yaml.UnmarshalStrict(document, monitor); err != nil {
				return "", fmt.Errorf("ServiceMonitor: %w", err)
			}
			if _, err := meta.LabelSelectorAsSelector(&monitor.Spec.Selector); err != nil {
				return "", fmt.Errorf("ServiceMonitor %s: %w", monitor.Name, err)
			}
			if len(monitor.Spec.Endpoints) == 0 {
				return "", fmt.Errorf("ServiceMonitor %s scrapes nothing", monitor.Name)
			}
			monitors++
		case "PrometheusRule":
			rule := &monitoring.PrometheusRule{}
			if err := yaml.UnmarshalStrict(document, rule); err != nil {
				return "", fmt.Errorf("PrometheusRule: %w", err)
			}
			for _, group := range rule.Spec.Groups {
				rules += len(group.Rules)
			}
		}
	}
	if monitors == 0 || rules == 0 {
		return "", fmt.Errorf("%d ServiceMonitors, %d rules: nothing to check", monitors, rules)
	}
	return fmt.Sprintf("operator: %d ServiceMonitor, %d rules", monitors, rules), nil
}
