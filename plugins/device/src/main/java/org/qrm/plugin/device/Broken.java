package org.qrm.plugin.device;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why a request got no answer, of what {@link Wire} throws. */
public enum Broken {
    /** By {@link #certificate}. */
    UNTRUSTED,
    UNKNOWN_HOST,
    /** The answer has more than {@link BoundedBody} takes. */
    TOO_LARGE,
    SILENT,
    NO_TLS,
    NOBODY_LISTENS,
    /** The connection broke, for whatever other reason. */
    OTHERWISE;

    private static final int DEEPEST = 20;

    public static Broken by(IOException thrown) {
        if (cause(thrown, UntrustedCertificate.class).isPresent()) {
            return UNTRUSTED;
        }
        if (cause(thrown, UnresolvedAddressException.class).isPresent()) {
            return UNKNOWN_HOST;
        }
        if (cause(thrown, BoundedBody.TooLarge.class).isPresent()) {
            return TOO_LARGE;
        }
        if (thrown instanceof HttpTimeoutException) {
            return SILENT;
        }
        if (thrown instanceof SSLException) {
            return NO_TLS;
        }
        return thrown instanceof ConnectException ? NOBODY_LISTENS : OTHERWISE;
    }

    /** The certificate of {@link #UNTRUSTED}. */
    public static UntrustedCertificate certificate(IOException thrown) {
        return cause(thrown, UntrustedCertificate.class).orElseThrow();
    }

    /** What it says, or what it is called if that is nothing. */
    public static String words(IOException thrown) {
        return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    }

    private static <T extends Throwable> Optional<T> cause(Throwable thrown, Class<T> type) {
        int depth = 0;
        for (Throwable at = thrown; at != null && depth < DEEPEST; at = at.getCause()) {
            if (type.isInstance(at)) {
                return Optional.of(type.cast(at));
            }
            depth++;
        }
        return Optional.empty();
    }
}
