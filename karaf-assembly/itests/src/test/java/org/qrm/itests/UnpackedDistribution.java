package org.qrm.itests;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The archive as users get it, unpacked once for all tests of a run. */
public final class UnpackedDistribution {

    private static Path home;
    private static Set<Path> asUnpacked;

    private UnpackedDistribution() {}

    /** The directory {@code qrm-<version>}. */
    public static synchronized Path home() throws IOException, InterruptedException {
        if (home == null) {
            Path directory = Path.of(System.getProperty("unpackDirectory"));
            delete(directory);
            Files.createDirectories(directory);
            Process tar = new ProcessBuilder(
                            "tar", "xzf", System.getProperty("distribution"), "-C", directory.toString())
                    .inheritIO()
                    .start();
            assertEquals("tar", 0, tar.waitFor());
            try (Stream<Path> top = Files.list(directory)) {
                home = top.reduce((one, other) -> {
                            throw new AssertionError("the archive has more than one top folder");
                        })
                        .orElseThrow();
            }
            asUnpacked = files(home);
        }
        return home;
    }

    /** Files that were not in the archive. */
    static Set<Path> added() throws IOException, InterruptedException {
        Set<Path> added = new TreeSet<>(files(home()));
        added.removeAll(asUnpacked);
        return added;
    }

    private static Set<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.collect(Collectors.toCollection(TreeSet::new));
        }
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
