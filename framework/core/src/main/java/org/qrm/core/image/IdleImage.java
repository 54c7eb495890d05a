package org.qrm.core.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.Loader;

/**
 * The idle environment as the distribution brings it, {@link BootImage#DEFAULT}, with what the site adds to its initrd. Both are
 * read at the start.
 */
public final class IdleImage implements HealthCheck {

    private static final String INITRD = "initrd.img";
    private static final Map<String, BootFile.Role> FILES =
            Map.of("vmlinuz", BootFile.Role.KERNEL, INITRD, BootFile.Role.INITRD);

    private final Map<String, Path> paths = new HashMap<>();
    private final AddedArchives added;
    private final BootImage image;
    private final List<String> problems = new ArrayList<>();
    private final List<String> lacking;

    /**
     * @param boot the folder {@code boot} of the distribution
     * @param data the server's data: what is added is in its folder {@code idle}, and the initrd with that is written to
     *     {@code boot/idle}
     */
    public IdleImage(Path boot, Path data) {
        added = new AddedArchives(data.resolve("idle"));
        lacking = new ArrayList<>(added.problems());
        Path joined = data.resolve("boot/idle").resolve(INITRD);
        Map<String, String> manifest = manifest(boot.resolve("manifest"));
        List<BootFile> files = FILES.keySet().stream()
                .sorted()
                .flatMap(name -> file(boot.resolve("idle").resolve(name), manifest.get("idle/" + name), joined))
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
        return paths.get(file.name());
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

    private Stream<BootFile> file(Path shipped, String expected, Path joined) {
        try {
            String actual = BootFileStore.sha256(shipped);
            if (expected != null && !expected.equals(actual)) {
                problems.add(shipped + " is not the file that was built: its SHA-256 differs from the manifest's");
                return Stream.empty();
            }
            String name = shipped.getFileName().toString();
            Path path = name.equals(INITRD) ? withAdded(shipped, joined) : shipped;
            paths.put(name, path);
            String sha256 = path.equals(shipped) ? actual : BootFileStore.sha256(path);
            return Stream.of(new BootFile(name, FILES.get(name), Files.size(path), sha256));
        } catch (IOException unreadable) {
            problems.add(shipped + " cannot be read (" + unreadable.getClass().getSimpleName() + ")");
            return Stream.empty();
        }
    }

    /** The initrd itself when nothing is added, or when that cannot be written: machines idle without it, too. */
    private Path withAdded(Path initrd, Path joined) {
        if (added.names().isEmpty()) {
            return initrd;
        }
        try {
            added.join(initrd, joined);
            return joined;
        } catch (IOException unwritable) {
            lacking.add(joined + " cannot be written (" + unwritable + ")");
            return initrd;
        }
    }

    @Override
    public String name() {
        return "idle-image";
    }

    @Override
    public HealthResult execute() {
        if (!problems.isEmpty()) {
            return new HealthResult(
                    HealthResult.Status.WARN,
                    "No machine can idle: " + String.join("; ", problems)
                            + ". Unpack the folder boot of the distribution again and restart the server.");
        }
        if (!lacking.isEmpty()) {
            return new HealthResult(
                    HealthResult.Status.WARN,
                    "The idle environment is complete, but lacks what is to be added: " + String.join("; ", lacking)
                            + ". Mend that and restart the server.");
        }
        return new HealthResult(
                HealthResult.Status.OK,
                "The idle environment is complete"
                        + (added.names().isEmpty() ? "." : ", with " + String.join(", ", added.names()) + " added."));
    }
}
