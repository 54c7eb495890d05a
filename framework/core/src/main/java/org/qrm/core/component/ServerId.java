package org.qrm.core.component;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.regex.Pattern;

/** The identity of this server among those that share a database: made once, kept below QRM_DATA. */
final class ServerId {

    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f-]{36}");

    private ServerId() {}

    static String in(Path dataDirectory) {
        Path file = dataDirectory.resolve("server-id");
        try {
            String kept = Files.exists(file) ? Files.readString(file).trim() : "";
            return UUID_TEXT.matcher(kept).matches() ? kept : make(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read or write " + file, failed);
        }
    }

    private static String make(Path file) throws IOException {
        String id = UUID.randomUUID().toString();
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(next, id + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return id;
    }
}
