package org.qrm.exec.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.Problem.Kind;
import org.qrm.api.QrmException;
import org.qrm.api.exec.SshHost;
import org.qrm.api.operation.CancelledException;

/** What can go wrong on the way to another machine, in words that an administrator can act on. */
final class SshProblems {

    private SshProblems() {}

    static QrmException unreachable(SshHost host, IOException cause) {
        return problem(
                Kind.UNREACHABLE,
                "reach",
                host,
                why(cause),
                "Check that it is up, that its SSH server listens there, and that no firewall is in between.",
                cause);
    }

    /** In words of this trade, where the library has its own. */
    private static String why(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String said = String.valueOf(root.getMessage());
        String lower = said.toLowerCase(Locale.ROOT);
        if (root instanceof UnresolvedAddressException || root instanceof UnknownHostException) {
            return "no address is known for that name";
        }
        if (lower.contains("refused")) {
            return "the connection was refused";
        }
        if (root instanceof NoRouteToHostException || lower.contains("unreachable") || lower.contains("no route")) {
            return "there is no way to it over the network";
        }
        if (root instanceof TimeoutException || lower.contains("timeout") || lower.contains("timed out")) {
            return "it did not answer in time";
        }
        if (lower.contains("reset") || lower.contains("closed") || lower.contains("broken pipe")) {
            return "it closed the connection";
        }
        return root.getMessage() == null ? root.toString() : Name.printable(said);
    }

    static QrmException lost(SshHost host, String doing) {
        return problem(
                Kind.UNREACHABLE,
                doing + " on",
                host,
                "the connection was lost while it ran, so how it ended is not known",
                "Try again when the host can be reached.",
                null);
    }

    static QrmException notStarted(SshHost host, String doing, int status, String said) {
        return problem(
                Kind.FAILED,
                doing + " on",
                host,
                "the login shell of root there ended with status " + status + " and did not run it; "
                        + (said.isBlank() ? "it said nothing" : "it said \"" + Name.printable(said.strip()) + "\""),
                "Try there what this server does: ssh root@" + Name.printable(host.address())
                        + " true. What root's start-up files (.bashrc, .cshrc …) and authorized_keys run must not take the"
                        + " place of the command.",
                null);
    }

    static QrmException tooMany(SshHost host, int limit) {
        return problem(
                Kind.UNREACHABLE,
                "reach",
                host,
                limit + " SSH connections are open and all of them busy",
                "Try again when some work is done.",
                null);
    }

    static QrmException keyNotAccepted(SshHost host, String authorizedKey, IOException cause) {
        return problem(
                Kind.FORBIDDEN,
                "log in as root at",
                host,
                "it does not accept this server's key (" + cause.getMessage() + ")",
                "Add this line to /root/.ssh/authorized_keys there: " + authorizedKey,
                cause);
    }

    static QrmException otherHostKey(SshHost host, HostKey expected, HostKey offered) {
        return problem(
                Kind.FORBIDDEN,
                "trust",
                host,
                "its host key is " + offered.fingerprint() + ", but " + expected.fingerprint() + " is pinned",
                "If the machine was installed anew, compare the fingerprint on its own console"
                        + " (ssh-keygen -lf /etc/ssh/ssh_host_ecdsa_key.pub) and forget the pinned key."
                        + " If not, somebody may be in between.",
                null);
    }

    static QrmException overTime(SshHost host, String doing, Duration limit, String lastLine) {
        String said =
                lastLine.isEmpty() ? "it said nothing" : "the last it said was \"" + Name.printable(lastLine) + "\"";
        return problem(
                Kind.TIMEOUT,
                doing + " on",
                host,
                "it was not done after " + limit.toSeconds() + " s and was ended; " + said,
                "Look at the load of that host, and try again.",
                null);
    }

    static CancelledException interrupted(SshHost host, String doing) {
        Thread.currentThread().interrupt();
        return new CancelledException("interrupted while it did " + doing + " on " + place(host));
    }

    static boolean isInterrupt(IOException failure) {
        return failure instanceof InterruptedIOException && !(failure instanceof SocketTimeoutException);
    }

    static String place(SshHost host) {
        return Name.printable(host.address()) + ":" + host.port();
    }

    private static QrmException problem(
            Kind kind, String attempted, SshHost host, String reason, String remedy, Exception cause) {
        return new QrmException(new Problem(kind, attempted, place(host), reason, remedy), cause);
    }
}
