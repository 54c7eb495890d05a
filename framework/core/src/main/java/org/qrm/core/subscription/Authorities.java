package org.qrm.core.subscription;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.TrustedAuthorities;

/** Whom to trust as receivers. */
public final class Authorities {

    private static final String SETTING = "QRM_WEBHOOK_CA";

    private Authorities() {}

    /**
     * TLS that trusts the authorities in the file that {@code QRM_WEBHOOK_CA} names (PEM); without it those that the Java
     * runtime trusts.
     *
     * @param settings answers the value of a setting, or null
     * @throws QrmException INVALID when the file cannot be used
     */
    public static SSLContext trusted(UnaryOperator<String> settings) {
        String file = settings.apply(SETTING);
        try {
            return TrustedAuthorities.of(file == null || file.isBlank() ? null : Path.of(file));
        } catch (IOException | IllegalArgumentException unusable) {
            throw new QrmException(
                    new Problem(
                            Problem.Kind.INVALID,
                            "read setting",
                            SETTING,
                            "the certificates in " + file + " cannot be read: " + unusable,
                            "Name a file with certificates in PEM, or leave it out, in etc/qrm.cfg or the environment."),
                    unusable);
        }
    }
}
