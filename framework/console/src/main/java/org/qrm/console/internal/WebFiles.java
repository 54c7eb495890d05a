package org.qrm.console.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The files of this bundle that browsers may have; each is read once. */
final class WebFiles {

    /** Letters, one folder at most, one of the known endings: nothing that leads anywhere else. */
    private static final Pattern NAME = Pattern.compile("([a-z]+/)?[a-z-]+(\\.min)?\\.(html|js|css|svg)");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, WebFile> read = new ConcurrentHashMap<>();

    /**
     * A file as it is sent.
     *
     * @param tag its entity tag, of its content
     */
    record WebFile(String type, String tag, byte[] content) {}

    /** @param path below the console's root; empty for its first page */
    Optional<WebFile> find(String path) {
        String name = path.isEmpty() ? "index.html" : path;
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        WebFile known = read.get(name);
        return known != null ? Optional.of(known) : load(name);
    }

    private Optional<WebFile> load(String name) {
        try (InputStream in = WebFiles.class.getResourceAsStream("web/" + name)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] content = in.readAllBytes();
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content))
                    .substring(0, 32);
            WebFile file =
                    new WebFile(TYPES.get(name.substring(name.lastIndexOf('.') + 1)), '"' + digest + '"', content);
            read.put(name, file);
            return Optional.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
