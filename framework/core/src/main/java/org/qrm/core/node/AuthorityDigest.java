package org.qrm.core.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import java.util.function.Supplier;

/** The SHA-256 of the first certificate in a file (PEM), which machines are to trust; read again when the file has changed. */
final class AuthorityDigest implements Supplier<String> {

    private final Path file;
    private volatile Known known = new Known("", "");

    /** @param stamp of the file that it was read from */
    private record Known(String stamp, String digest) {}

    AuthorityDigest(Path file) {
        this.file = file;
        get();
    }

    @Override
    public String get() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            String stamp = now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
            Known before = known;
            if (before.stamp.equals(stamp)) {
                return before.digest;
            }
            String digest = read();
            known = new Known(stamp, digest);
            return digest;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private String read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] der = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
        } catch (GeneralSecurityException malformed) {
            throw new IllegalStateException(file + " holds no certificate", malformed);
        }
    }
}
