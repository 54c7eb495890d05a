package org.qrm.exec.internal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Comparator;
import java.util.List;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.signature.Signature;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** A host key, written {@code type base64} as in known_hosts and in {@code /etc/ssh/ssh_host_*_key.pub}. */
record HostKey(PublicKey key) {

    static HostKey parse(String text) {
        try {
            String[] words = text.trim().split("\\s+");
            PublicKeyEntry entry = PublicKeyEntry.parsePublicKeyEntry(words[0] + " " + words[1]);
            return new HostKey(entry.resolvePublicKey(null, null, null));
        } catch (IOException | GeneralSecurityException | RuntimeException unreadable) {
            throw QrmException.invalid(
                    "read a host key",
                    Name.printable(text),
                    "it is not of the form \"type base64\", or of a type that is not known here",
                    "Take the line of /etc/ssh/ssh_host_ecdsa_key.pub on that host.");
        }
    }

    /** As {@link #parse} reads it. */
    String text() {
        return PublicKeyEntry.toString(key);
    }

    /** {@code SHA256:…}, as ssh-keygen -l shows it. */
    String fingerprint() {
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    }

    boolean sameAs(HostKey other) {
        return KeyUtils.compareKeys(key, other.key);
    }

    /** All signatures, those of this key's type first: a host with several keys offers the one that is asked for first. */
    List<NamedFactory<Signature>> preferredAmong(List<NamedFactory<Signature>> all) {
        String type = KeyUtils.getKeyType(key);
        return all.stream()
                .sorted(Comparator.comparing(
                        each -> !KeyUtils.getCanonicalKeyType(each.getName()).equals(type)))
                .toList();
    }
}
