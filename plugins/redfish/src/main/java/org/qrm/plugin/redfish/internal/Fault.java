package org.qrm.plugin.redfish.internal;

import java.io.IOException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.plugin.device.BoundedBody;
import org.qrm.plugin.device.UntrustedCertificate;

/** Why a service did not do what it was asked, as who asked is to be told. */
final class Fault {

    private static final String LOOK =
            "Look whether it has power and network, whether Redfish is enabled there, and whether the address is right.";
    private static final String LATER = "Try again in a minute; if it stays so, restart the service (the BMC).";
    private static final String FIRMWARE = "Bring the service's firmware up to date.";

    private final String attempted;
    private final Service service;

    Fault(String attempted, Service service) {
        this.attempted = attempted;
        this.service = service;
    }

    /** It answered no. */
    QrmException refused(Answer answer) {
        String words = answer.words();
        String reason = "the service answers " + answer.status() + " to " + service.discreet(answer.request())
                + (words.isEmpty() ? "" : ": " + service.discreet(words));
        return switch (answer.status()) {
            case 401 -> problem(Problem.Kind.FAILED, "user or password is not right: " + reason, rightUser(), null);
            case 403 ->
                problem(
                        Problem.Kind.FAILED,
                        "the user may not do that: " + reason,
                        "Give the user the role Operator at the service.",
                        null);
            case 404, 405, 501 -> problem(Problem.Kind.FAILED, reason, Service.SETTINGS + " " + FIRMWARE, null);
            default ->
                answer.mayPass()
                        ? problem(Problem.Kind.UNREACHABLE, reason, LATER, null)
                        : problem(Problem.Kind.FAILED, reason, "Look at the service's own log.", null);
        };
    }

    private static String rightUser() {
        return "Correct user and password in what the plug-in redfish was answered about this machine, or look at the"
                + " service whether the user is enabled and not locked.";
    }

    /** It answered what cannot be understood. */
    QrmException odd(String reason) {
        return problem(Problem.Kind.FAILED, reason, FIRMWARE, null);
    }

    /** What was answered about the machine is not so at the service. */
    QrmException settings(String reason) {
        return problem(Problem.Kind.FAILED, reason, Service.SETTINGS, null);
    }

    QrmException elsewhere(String from, String reference) {
        return problem(
                Problem.Kind.FAILED,
                "the service refers to another place: " + from + " names " + service.discreet(reference),
                "Nothing was sent there. If that is the machine's service, answer its address.",
                null);
    }

    QrmException silent(Duration limit) {
        return problem(
                Problem.Kind.UNREACHABLE, "the service did not answer within " + limit.toSeconds() + " s", LOOK, null);
    }

    QrmException late(String reason) {
        return problem(Problem.Kind.TIMEOUT, reason, "Look at the machine and at the service's own log.", null);
    }

    /** The connection broke, or came not about. */
    QrmException of(IOException broken) {
        Optional<UntrustedCertificate> untrusted = cause(broken, UntrustedCertificate.class);
        if (untrusted.isPresent()) {
            return problem(
                    Problem.Kind.FAILED,
                    untrusted.get().getMessage(),
                    "Its fingerprint is " + untrusted.get().found()
                            + ". Compare that with what the machine itself shows."
                            + " If it is the same, answer it (fingerprint); else somebody else answers at this address.",
                    broken);
        }
        if (cause(broken, UnresolvedAddressException.class).isPresent()) {
            return problem(
                    Problem.Kind.UNREACHABLE,
                    "its host name is not known here",
                    "Correct the address in what the plug-in redfish was answered about this machine, or the site's DNS.",
                    broken);
        }
        if (broken instanceof BoundedBody.TooLarge) {
            return problem(Problem.Kind.FAILED, "the service's answer " + broken.getMessage(), FIRMWARE, broken);
        }
        if (broken instanceof HttpConnectTimeoutException || broken instanceof HttpTimeoutException) {
            return problem(Problem.Kind.UNREACHABLE, "the service does not answer", LOOK, broken);
        }
        String tls = broken instanceof SSLException ? "no TLS connection came about" : "the connection broke";
        String words = broken.getMessage() == null ? broken.getClass().getSimpleName() : broken.getMessage();
        return problem(Problem.Kind.UNREACHABLE, tls + ": " + service.discreet(words), LOOK, broken);
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
