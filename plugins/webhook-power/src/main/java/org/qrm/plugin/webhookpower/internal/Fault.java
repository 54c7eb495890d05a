package org.qrm.plugin.webhookpower.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.plugin.device.BoundedBody;
import org.qrm.plugin.device.UntrustedCertificate;

/** Why a service did not do what it was asked, as who asked is to be told. */
final class Fault {

    private static final String LOOK =
            "Look whether it has power and network, whether the service runs there, and whether the address is right.";
    private static final String OWN_LOG = "Look at the service's own log.";
    private static final Set<Integer> PASSING = Set.of(408, 409, 423, 425, 429);

    private final String attempted;
    private final PowerService service;

    /** @param attempted for messages: {@code switch on} */
    Fault(String attempted, PowerService service) {
        this.attempted = attempted;
        this.service = service;
    }

    /** It answered no. */
    QrmException refused(String request, int status, String words) {
        String said = service.discreet(words.strip());
        String reason = "the service answers " + status + " to " + service.discreet(request)
                + (said.isEmpty() ? "" : ": " + said);
        if (status >= 300 && status < 400) {
            return problem(
                    Problem.Kind.FAILED,
                    reason,
                    "It refers to another address, which is not followed: answer the address that it means.",
                    null);
        }
        return switch (status) {
            case 401, 403 ->
                problem(
                        Problem.Kind.FAILED,
                        "token, or user and password, are not right: " + reason,
                        "Answer them anew, or look at the service what they may do.",
                        null);
            case 404, 405, 501 -> problem(Problem.Kind.FAILED, reason, PowerService.SETTINGS, null);
            default ->
                problem(
                        PASSING.contains(status) || status >= 500 ? Problem.Kind.UNREACHABLE : Problem.Kind.FAILED,
                        reason,
                        OWN_LOG,
                        null);
        };
    }

    QrmException unanswered(String question) {
        return problem(
                Problem.Kind.UNAVAILABLE,
                "no " + question + " was answered",
                "Answer it to the plug-in webhook-power, or use the machine's button.",
                null);
    }

    QrmException silent(Duration limit) {
        return problem(
                Problem.Kind.UNREACHABLE, "the service did not answer within " + limit.toSeconds() + " s", LOOK, null);
    }

    QrmException late(String reason) {
        return problem(Problem.Kind.TIMEOUT, reason, "Look at the machine, and at the service's own log.", null);
    }

    /** The connection broke, or came not about. */
    QrmException of(IOException broken) {
        Optional<UntrustedCertificate> untrusted = cause(broken, UntrustedCertificate.class);
        if (untrusted.isPresent()) {
            return problem(
                    Problem.Kind.FAILED,
                    untrusted.get().getMessage(),
                    "Its fingerprint is " + untrusted.get().found()
                            + ". Compare that with the certificate at the service itself. If it is the same, answer it"
                            + " (fingerprint); else somebody else answers at this address.",
                    broken);
        }
        if (cause(broken, UnresolvedAddressException.class).isPresent()) {
            return problem(
                    Problem.Kind.UNREACHABLE,
                    "its host name is not known here",
                    "Correct the address in what the plug-in webhook-power was answered about this machine, or the site's DNS.",
                    broken);
        }
        if (cause(broken, BoundedBody.TooLarge.class).isPresent()) {
            return problem(
                    Problem.Kind.FAILED, "the service's answer " + broken.getMessage(), PowerService.SETTINGS, broken);
        }
        if (broken instanceof HttpTimeoutException) {
            return problem(Problem.Kind.UNREACHABLE, "the service does not answer", LOOK, broken);
        }
        String what = broken instanceof SSLException
                ? "no TLS connection came about"
                : broken instanceof ConnectException ? "nobody listens there" : "the connection broke";
        String words = broken.getMessage() == null ? broken.getClass().getSimpleName() : broken.getMessage();
        return problem(Problem.Kind.UNREACHABLE, what + ": " + service.discreet(words), LOOK, broken);
    }

    private static <T extends Throwable> Optional<T> cause(Throwable thrown, Class<T> type) {
        int depth = 0;
        for (Throwable at = thrown; at != null && depth < 20; at = at.getCause()) {
            if (type.isInstance(at)) {
                return Optional.of(type.cast(at));
            }
            depth++;
        }
        return Optional.empty();
    }

    private QrmException problem(Problem.Kind kind, String reason, String remedy, Throwable cause) {
        return new QrmException(new Problem(kind, attempted, service.subject(), reason, remedy), cause);
    }
}
