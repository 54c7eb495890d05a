package org.qrm.core.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.Loader;

/** The idle environment as the distribution brings it: {@link BootImage#DEFAULT}. */
public final class IdleImage implements HealthCheck {

    private static final Map<String, BootFile.Role> FILES =
            Map.of("vmlinuz", BootFile.Role.KERNEL, "initrd.img", BootFile.Role.INITRD);

    private final Path directory;
    private final BootImage image;
    private final List<String> problems = new ArrayList<>();

    /** @param boot the folder {@code boot} of the distribution */
    public IdleImage(Path boot) {
        directory = boot.resolve("idle");
        Map<String, String> manifest = manifest(boot.resolve("manifest"));
        List<BootFile> files = FILES.keySet().stream()
                .sorted()
                .flatMap(name -> file(name, manifest.get("idle/" + name)))
                .toList();
        image = new BootImage(
                BootImage.DEFAULT,
                Loader.LINUX,
                files,
                null,
                "Comes with the server: machines idle in it, and it boots any Linux root file system.");
    }

    BootImage image() {
        return image;
    }

    Path path(BootFile file) {
        return directory.resolve(file.name());
    }

    private static Map<String, String> manifest(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> line.split("=", 2))
                    .filter(pair -> pair.length == 2)
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, second) -> first));
        } catch (IOException missing) {
            return Map.of();
        }
    }

    private Stream<BootFile> file(String name, String expected) {
        Path path = directory.resolve(name);
        try {
            String actual = BootFileStore.sha256(path);
            if (expected != null && !expected.equals(actual)) {
                problems.add(path + " is not the file that was built: its SHA-256 differs from the manifest's");
                return Stream.empty();
            }
            return Stream.of(new BootFile(name, FILES.get(name), Files.size(path), actual));
        } catch (IOException unreadable) {
            problems.add(path + " cannot be read (" + unreadable.getClass().getSimpleName() + ")");
            return Stream.empty();
        }
    }

    @Override
    public String name() {
        return "idle-image";
    }

    @Override
    public HealthResult execute() {
        if (problems.isEmpty()) {
            return new HealthResult(HealthResult.Status.OK, "The idle environment is complete.");
        }
        return new HealthResult(
                HealthResult.Status.WARN,
                "No machine can idle: " + String.join("; ", problems)
                        + ". Unpack the folder boot of the distribution again and restart the server.");
    }
}
