package org.qrm.plugin.redfish.internal;

import java.io.IOException;
import java.time.Duration;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.plugin.device.Broken;
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
    QrmException of(IOException thrown) {
        return switch (Broken.by(thrown)) {
            case UNTRUSTED -> untrusted(Broken.certificate(thrown), thrown);
            case UNKNOWN_HOST ->
                problem(
                        Problem.Kind.UNREACHABLE,
                        "its host name is not known here",
                        "Correct the address in what the plug-in redfish was answered about this machine, or the site's DNS.",
                        thrown);
            case TOO_LARGE ->
                problem(Problem.Kind.FAILED, "the service's answer " + thrown.getMessage(), FIRMWARE, thrown);
            case SILENT -> problem(Problem.Kind.UNREACHABLE, "the service does not answer", LOOK, thrown);
            case NO_TLS -> broken("no TLS connection came about", thrown);
            case NOBODY_LISTENS, OTHERWISE -> broken("the connection broke", thrown);
        };
    }

    private QrmException untrusted(UntrustedCertificate certificate, IOException thrown) {
        return problem(
                Problem.Kind.FAILED,
                certificate.getMessage(),
                "Its fingerprint is " + certificate.found()
                        + ". Compare that with what the machine itself shows."
                        + " If it is the same, answer it (fingerprint); else somebody else answers at this address.",
                thrown);
    }

    private QrmException broken(String what, IOException thrown) {
        return problem(Problem.Kind.UNREACHABLE, what + ": " + service.discreet(Broken.words(thrown)), LOOK, thrown);
    }

    private QrmException problem(Problem.Kind kind, String reason, String remedy, Throwable cause) {
        return new QrmException(new Problem(kind, attempted, service.subject(), reason, remedy), cause);
    }
}
