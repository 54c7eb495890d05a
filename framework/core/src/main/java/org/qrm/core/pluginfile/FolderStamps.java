package org.qrm.core.pluginfile;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * As what each file of the folder was last taken up. Kept beside the bundles that were made of them, in Karaf's disposable cache: where the one is
 * lost, so is the other.
 */
final class FolderStamps {

    /**
     * What tells a file from another one of the same name.
     *
     * @param size in bytes
     * @param changed in milliseconds since 1970
     */
    record Stamp(long size, long changed) {

        /** @throws IOException also when there is no such regular file */
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            if (!now.isRegularFile()) {
                throw new IOException(file + " is no regular file");
            }
            return new Stamp(now.size(), now.lastModifiedTime().toMillis());
        }

        @Override
        public String toString() {
            return size + " " + changed;
        }
    }

    static final long NONE = -1;
    private static final long ABSENT = -2;

    private static final Logger LOG = LoggerFactory.getLogger(FolderStamps.class);

    private final Path kept;
    private final Properties known = new Properties();

    /** @param kept file for it, or null where the framework has no place for files */
    FolderStamps(Path kept) {
        this.kept = kept;
        if (kept == null || !Files.exists(kept)) {
            return;
        }
        try (Reader in = Files.newBufferedReader(kept)) {
            known.load(in);
        } catch (IOException | IllegalArgumentException damaged) {
            LOG.warn("Each file of the folder is taken up anew", damaged);
            known.clear();
        }
    }

    /** The bundles of a folder by their names: nothing hidden, and of regular files those that end in {@code .jar}. */
    static Map<String, Stamp> in(Path folder) throws IOException {
        Map<String, Stamp> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(".jar") && !name.startsWith(".")) {
                    try {
                        found.put(name, Stamp.of(file));
                    } catch (IOException goes) {
                        LOG.debug("{} goes while it is looked at", name, goes);
                    }
                }
            }
        }
        return found;
    }

    /** Whether it was taken up as that, whatever came of it. */
    boolean has(String name, Stamp stamp) {
        return known.getProperty(name, "").endsWith(" " + stamp);
    }

    /** Forgets those whose bundle is not there. */
    void retainBundles(Map<String, Long> bundles) {
        known.entrySet()
                .removeIf(each -> !String.valueOf(each.getValue())
                        .startsWith(bundles.getOrDefault(String.valueOf(each.getKey()), ABSENT) + " "));
    }

    /** @param bundle its number; {@link #NONE} for a file of which none could be made */
    void put(String name, Stamp stamp, long bundle) {
        known.setProperty(name, bundle + " " + stamp);
        write();
    }

    void retain(Set<String> names) {
        if (known.keySet().retainAll(names)) {
            write();
        }
    }

    private void write() {
        if (kept == null) {
            return;
        }
        try (Writer out = Files.newBufferedWriter(kept)) {
            known.store(out, null);
        } catch (IOException failed) {
            LOG.warn("The next start takes up each file of the folder anew", failed);
        }
    }
}
