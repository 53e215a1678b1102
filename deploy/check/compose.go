package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
)

func checkCompose(path string) (string, error) {
	options, err := cli.NewProjectOptions([]string{path}, cli.WithOsEnv, cli.WithResolvedPaths(true))
	if err != nil {
		return "", err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return "", err
	}
	for _, service := range project.Services {
		// What is mounted from the repository has to be there, or Docker makes an empty folder in its place.
		for _, volume := range service.Volumes {
			if volume.Type != "bind" {
				continue
			}
			if _, err := os.Stat(volume.Source); err != nil {
				return "", fmt.Errorf("service %s mounts what does not exist: %w", service.Name, err)
			}
		}
		if service.Build != nil {
			if _, err := os.Stat(filepath.Join(service.Build.Context, service.Build.Dockerfile)); err != nil {
				return "", fmt.Errorf("service %s is built from what does not exist: %w", service.Name, err)
			}
		}
	}
	return fmt.Sprintf("compose: %d services", len(project.Services)), nil
}
