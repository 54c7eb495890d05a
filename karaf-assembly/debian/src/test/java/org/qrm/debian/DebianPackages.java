package org.qrm.debian;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The package that was just built, and one like it of a lower version. */
final class DebianPackages {

    static final String LOWER_VERSION = "0.0.1";

    private DebianPackages() {}

    static Path built() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("packages")))) {
            return files.filter(file -> file.toString().endsWith("_all.deb"))
                    .reduce((one, other) -> {
                        throw new AssertionError("two packages: " + one + ", " + other);
                    })
                    .orElseThrow();
        }
    }

    static synchronized Path lower() throws IOException, InterruptedException {
        Path output = Files.createDirectories(Path.of(System.getProperty("work"), "lower"));
        Process build = new ProcessBuilder(
                        System.getProperty("build"),
                        "--archive",
                        System.getProperty("distribution"),
                        "--version",
                        LOWER_VERSION,
                        "--time",
                        "2026-01-01T00:00:00Z",
                        "--output",
                        output.toString())
                .inheritIO()
                .start();
        assertTrue("the package is built in time", build.waitFor(5, TimeUnit.MINUTES));
        assertEquals(0, build.exitValue());
        return output.resolve("qrm_" + LOWER_VERSION + "_all.deb");
    }
}
