package org.qrm.core.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.qrm.api.QrmException;

/**
 * Secrets in the database, which the database alone does not give away: AES-256 in GCM with a key in a file of QRM_DATA, mode
 * 0600. What is sealed for one place opens in no other. It is {@code 1:<key>:<base64url>}: the first 8 bytes of the key's SHA-256,
 * by which another key is told from a broken text, and 12 random bytes followed by what GCM makes.
 */
public final class Seal {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String VERSION = "1";

    private final Path file;
    private final SecureRandom random = new SecureRandom();

    /** @param file with the key; made when the first secret is sealed */
    public Seal(Path file) {
        this.file = file;
    }

    /** @param place where the secret is kept, which the sealed text is bound to */
    public String seal(String place, String secret) {
        try {
            byte[] key = keyOrNew();
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, key, nonce, place).doFinal(secret.getBytes(StandardCharsets.UTF_8));
            byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
            return VERSION + ":" + name(key) + ":"
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
        } catch (IOException unusable) {
            throw new UncheckedIOException("cannot use the key in " + file, unusable);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** @throws QrmException FAILED when the key is another one, or not there, or the text is not what was sealed for that place */
    public String open(String place, String text) {
        String[] parts = text.split(":", 3);
        try {
            if (!Files.exists(file)) {
                throw unusable(place, file + " is missing", null);
            }
            byte[] key = Files.readAllBytes(file);
            if (parts.length != 3 || !parts[0].equals(VERSION) || !parts[1].equals(name(key))) {
                throw unusable(place, file + " is not the key that it was sealed with", null);
            }
            byte[] all = Base64.getUrlDecoder().decode(parts[2]);
            byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
            byte[] secret =
                    cipher(Cipher.DECRYPT_MODE, key, nonce, place).doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
            return new String(secret, StandardCharsets.UTF_8);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException broken) {
            throw unusable(place, "what the database has of it was changed, or " + file + " is broken", broken);
        }
    }

    private static QrmException unusable(String place, String why, Exception cause) {
        return QrmException.failed(
                "read the secret",
                place,
                why,
                "Bring the file back from a backup, or from the server that shares the database; or set the secret anew.",
                cause);
    }

    private byte[] keyOrNew() throws IOException {
        if (!Files.exists(file)) {
            make();
        }
        return Files.readAllBytes(file);
    }

    /** On the disk, and whole, before the first secret is in the database. */
    private void make() throws IOException {
        synchronized (Seal.class) {
            if (Files.exists(file)) {
                return; // somebody else was first
            }
            byte[] key = new byte[KEY_BYTES];
            random.nextBytes(key);
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(next);
            Files.createDirectories(file.getParent());
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (FileChannel written = FileChannel.open(next, StandardOpenOption.WRITE)) {
                written.write(ByteBuffer.wrap(key));
                written.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(file.getParent())) {
                directory.force(true);
            }
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, String place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static String name(byte[] key) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key), 0, 8);
    }
}
