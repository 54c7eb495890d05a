package org.qrm.console.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The files of one folder of a bundle that browsers may have; each is read once. */
final class WebFiles {

    /** Letters, one folder at most, one of the known endings: nothing that leads anywhere else. */
    private static final Pattern NAME = Pattern.compile("([a-z]+/)?[A-Za-z-]+(\\.(min|esm))?\\.(html|js|css|svg)");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "svg", "image/svg+xml");

    private final Function<String, URL> folder;
    private final Map<String, WebFile> read = new ConcurrentHashMap<>();

    /** @param folder where a file is, by its name; null for none */
    WebFiles(Function<String, URL> folder) {
        this.folder = folder;
    }

    /**
     * A file as it is sent.
     *
     * @param tag its entity tag, of its content; a weak one, for it may be compressed on its way (RFC 9110, 8.8.1)
     */
    record WebFile(String type, String tag, byte[] content) {

        static WebFile of(String type, byte[] content) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
                return new WebFile(type, "W/\"" + HexFormat.of().formatHex(digest, 0, 16) + '"', content);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** @param name below that folder */
    Optional<WebFile> find(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        WebFile known = read.get(name);
        return known != null ? Optional.of(known) : load(name);
    }

    private Optional<WebFile> load(String name) {
        URL url = folder.apply(name);
        if (url == null) {
            return Optional.empty();
        }
        try (InputStream in = url.openStream()) {
            WebFile file = WebFile.of(TYPES.get(name.substring(name.lastIndexOf('.') + 1)), in.readAllBytes());
            read.put(name, file);
            return Optional.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
