package org.qrm.exec.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Set;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.qrm.api.QrmException;

/** The key by which this server is known on other machines: ECDSA on P-256, in OpenSSH's format, made once. */
record ServerKey(KeyPair pair) {

    private static final Set<StandardOpenOption> NEW_FILE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final FileAttribute<?> OWNER_ONLY_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** Reads the key in a directory, or makes it there. */
    static ServerKey in(Path directory) {
        Path file = directory.resolve("id_ecdsa");
        try {
            Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
            if (!Files.exists(file)) {
                make(file);
            }
            return new ServerKey(read(file));
        } catch (IOException | GeneralSecurityException failure) {
            throw QrmException.failed(
                    "read this server's SSH key",
                    file.toString(),
                    failure.toString(),
                    "Restore it from a backup; or move it away, start again, and install the new key where the old one was.",
                    failure);
        }
    }

    /** For authorized_keys: type, key, and the comment {@code qrm}. */
    String authorizedKey() {
        return PublicKeyEntry.toString(pair.getPublic()) + " qrm";
    }

    private static KeyPair read(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            Iterable<KeyPair> pairs =
                    SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName(file.toString()), in, null);
            if (pairs == null || !pairs.iterator().hasNext()) {
                throw new IOException("there is no private key in it");
            }
            return pairs.iterator().next();
        }
    }

    /** Written aside, forced to disk and then linked, so that no half a key is ever there, and none is replaced. */
    private static void make(Path file) throws IOException, GeneralSecurityException {
        Path aside =
                file.resolveSibling("id_ecdsa.new-" + ProcessHandle.current().pid());
        Files.deleteIfExists(aside);
        try {
            try (FileChannel channel = FileChannel.open(aside, NEW_FILE, OWNER_ONLY);
                    OutputStream out = Channels.newOutputStream(channel)) {
                KeyPair pair = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
                OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "qrm", null, out);
                channel.force(true);
            }
            Files.createLink(file, aside);
        } catch (FileAlreadyExistsException madeMeanwhile) {
            // the other one is as good
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
