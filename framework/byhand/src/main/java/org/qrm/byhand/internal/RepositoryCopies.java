package org.qrm.byhand.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.karaf.features.BundleInfo;
import org.apache.karaf.features.Feature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repositories of features, and bundles of theirs that are files or on a web server: what was there once may be gone. */
final class RepositoryCopies {

    private static final Logger LOG = LoggerFactory.getLogger(RepositoryCopies.class);
    private static final Pattern BUNDLE = Pattern.compile("<bundle[^>]*>\\s*([^<\\s]+)\\s*</bundle>");
    private static final int MILLIS = 5_000;

    private final Path folder;

    RepositoryCopies(Path folder) {
        this.folder = folder;
    }

    void keep(String address) throws IOException {
        keep(address, copyOf(address));
    }

    /** Of a feature that is installed. */
    void keepBundles(Feature feature) throws IOException {
        for (BundleInfo bundle : feature.getBundles()) {
            String location = bundle.getLocation();
            if (location.matches("(file|https?):.*") && !isCopy(location)) {
                keep(location, jarOf(location));
            }
        }
    }

    private static void keep(String address, Path copy) throws IOException {
        if (!Files.exists(copy)) {
            try (InputStream content = open(address)) {
                DurableFile.write(copy, content);
            }
        }
    }

    private static InputStream open(String address) throws IOException {
        URLConnection connection = URI.create(address).toURL().openConnection();
        connection.setConnectTimeout(MILLIS);
        connection.setReadTimeout(MILLIS);
        return connection.getInputStream();
    }

    /** An address that works now: the same, or that of the copy, in which the copies of its bundles stand for those that are gone. */
    String working(String address) throws IOException {
        Path copy = copyOf(address);
        if (!Files.exists(copy)) {
            return address;
        }
        String before = Files.readString(copy);
        String text = before;
        for (String location : locations(before)) {
            if (Files.exists(jarOf(location)) && !opens(location)) {
                text = text.replace(location, jarOf(location).toUri().toString());
            }
        }
        if (text.equals(before) && opens(address)) {
            return address;
        }
        LOG.info("The copy of {} takes its place, because it is gone, or a bundle of it", address);
        DurableFile.write(copy, text.getBytes(StandardCharsets.UTF_8));
        return copy.toUri().toString();
    }

    private static boolean opens(String address) {
        try (InputStream content = open(address)) {
            return content.read() >= 0;
        } catch (IOException | IllegalArgumentException gone) {
            return false;
        }
    }

    private static List<String> locations(String text) {
        List<String> locations = new ArrayList<>();
        Matcher matcher = BUNDLE.matcher(text);
        while (matcher.find()) {
            locations.add(matcher.group(1));
        }
        return locations;
    }

    /** Deletes the copies of all others. */
    void keepOnly(Collection<String> addresses) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<Path> kept = new HashSet<>();
        for (String address : addresses) {
            Path copy = copyOf(address);
            kept.add(copy);
            if (Files.exists(copy)) {
                locations(Files.readString(copy)).forEach(location -> kept.add(jarOf(location)));
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> !kept.contains(each)).toList()) {
                DurableFile.delete(file);
            }
        }
    }

    private boolean isCopy(String address) {
        return address.startsWith(folder.toUri().toString());
    }

    /** What stands for something else is its own copy. */
    private Path copyOf(String address) {
        return isCopy(address) ? Path.of(URI.create(address)) : folder.resolve(Names.of("features", address) + ".xml");
    }

    private Path jarOf(String location) {
        return isCopy(location) ? Path.of(URI.create(location)) : folder.resolve(Names.of("bundle", location) + ".jar");
    }
}
