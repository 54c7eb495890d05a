package org.qrm.plugin.dnsmasq.internal;

import java.util.Optional;

/** Which UEFI machines are given the signed boot loaders. */
enum SecureBoot {
    /** None. */
    NO("false"),
    /** Those that boot over HTTP; the others get the loader that is not signed. */
    HTTP("http"),
    /** All, over TFTP, too. */
    YES("true");

    private final String word;

    SecureBoot(String word) {
        this.word = word;
    }

    static Optional<SecureBoot> of(String word) {
        for (SecureBoot one : values()) {
            if (one.word.equals(word)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    /** By TFTP the signed GRUB loads what it needs from where the answer that gave the address says; none else is asked. */
    boolean worksIn(NetworkSettings.Mode mode) {
        return this != YES || mode != NetworkSettings.Mode.PROXY;
    }
}
