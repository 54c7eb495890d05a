package org.qrm.byhand.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The KARs of the folder {@code deploy} that a new cache does not have. File Install installs them when it gets to it, and nothing else
 * should be installed at the same time.
 */
final class ArrivingKars {

    private static final Logger LOG = LoggerFactory.getLogger(ArrivingKars.class);
    private static final long PERIOD_MILLIS = 200;

    private final List<Path> files;
    private final Predicate<String> installed;
    private final Duration patience;

    /** @param installed whether all that a KAR of that name brings is installed */
    ArrivingKars(List<Path> files, Predicate<String> installed, Duration patience) {
        this.files = files;
        this.installed = installed;
        this.patience = patience;
    }

    /** @param kars where Karaf unpacks them, a folder each */
    static List<Path> notUnpacked(Path deploy, Path kars) {
        List<Path> files = new ArrayList<>();
        if (!Files.isDirectory(deploy)) {
            return files;
        }
        try (Stream<Path> all = Files.list(deploy)) {
            all.filter(ArrivingKars::isKar)
                    .filter(file -> !Files.exists(kars.resolve(name(file))))
                    .sorted()
                    .forEach(files::add);
        } catch (IOException failed) {
            LOG.warn("Cannot look for KARs in {}", deploy, failed);
        }
        return files;
    }

    private static boolean isKar(Path file) {
        return file.toString().endsWith(".kar") || file.toString().endsWith(".zip") && saysSo(file);
    }

    private static boolean saysSo(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.getEntry("META-INF/KARAF.MF") != null;
        } catch (IOException none) {
            return false;
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }

    /** Returns when each is installed or gone, or after {@code patience}. */
    void await() throws InterruptedException {
        List<Path> missing = missing();
        if (missing.isEmpty()) {
            return;
        }
        LOG.info(
                "What was installed by hand waits for {} of the folder deploy, {} s at most",
                names(missing),
                patience.toSeconds());
        long end = System.nanoTime() + patience.toNanos();
        while (!missing.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(PERIOD_MILLIS);
            missing = missing();
        }
        if (!missing.isEmpty()) {
            LOG.warn(
                    "{} of the folder deploy is not installed after {} s: see above why, and replace the file. What was installed by hand"
                            + " is brought back now",
                    names(missing),
                    patience.toSeconds());
        }
    }

    private List<Path> missing() {
        return files.stream()
                .filter(Files::exists)
                .filter(file -> !installed.test(name(file)))
                .toList();
    }

    private static List<Path> names(List<Path> files) {
        return files.stream().map(Path::getFileName).toList();
    }
}
