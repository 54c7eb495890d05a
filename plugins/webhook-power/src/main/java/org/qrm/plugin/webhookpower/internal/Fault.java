package org.qrm.plugin.webhookpower.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.plugin.device.Broken;
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
                Problem.Kind.REFUSED,
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
    QrmException of(IOException thrown) {
        return switch (Broken.by(thrown)) {
            case UNTRUSTED -> untrusted(Broken.certificate(thrown), thrown);
            case UNKNOWN_HOST ->
                problem(
                        Problem.Kind.UNREACHABLE,
                        "its host name is not known here",
                        "Correct the address in what the plug-in webhook-power was answered about this machine, or the site's DNS.",
                        thrown);
            case TOO_LARGE ->
                problem(
                        Problem.Kind.FAILED,
                        "the service's answer " + thrown.getMessage(),
                        PowerService.SETTINGS,
                        thrown);
            case SILENT -> problem(Problem.Kind.UNREACHABLE, "the service does not answer", LOOK, thrown);
            case NO_TLS -> broken("no TLS connection came about", thrown);
            case NOBODY_LISTENS -> broken("nobody listens there", thrown);
            case OTHERWISE -> broken("the connection broke", thrown);
        };
    }

    private QrmException untrusted(UntrustedCertificate certificate, IOException thrown) {
        return problem(
                Problem.Kind.FAILED,
                certificate.getMessage(),
                "Its fingerprint is " + certificate.found()
                        + ". Compare that with the certificate at the service itself. If it is the same, answer it"
                        + " (fingerprint); else somebody else answers at this address.",
                thrown);
    }

    private QrmException broken(String what, IOException thrown) {
        return problem(Problem.Kind.UNREACHABLE, what + ": " + service.discreet(Broken.words(thrown)), LOOK, thrown);
    }

    private QrmException problem(Problem.Kind kind, String reason, String remedy, Throwable cause) {
        return new QrmException(new Problem(kind, attempted, service.subject(), reason, remedy), cause);
    }
}
