package org.qrm.exec.internal;

import static org.junit.Assume.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.exec.SshHost;

/** A real OpenSSH server on the loopback interface, with files and keys of its own. */
final class OpenSshServer extends ExternalResource {

    private static final Path SSHD = Path.of("/usr/sbin/sshd");

    private final TemporaryFolder folder = new TemporaryFolder();
    private Process process;
    private int port;

    @Override
    protected void before() throws Throwable {
        assumeTrue("skipped: there is no " + SSHD + " (Debian: openssh-server)", Files.isExecutable(SSHD));
        assumeTrue("skipped: only root can start an SSH server that root logs in at", isRoot());
        Files.createDirectories(Path.of("/run/sshd")); // sshd wants it for privilege separation
        folder.create();
        makeKey("ecdsa");
        makeKey("rsa");
        Files.writeString(authorizedKeys(), "");
        start();
    }

    @Override
    protected void after() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        folder.delete();
    }

    void letIn(String authorizedKey) throws IOException {
        Files.writeString(authorizedKeys(), authorizedKey + "\n");
    }

    /** From now on root has that login shell and that home, for this server only. */
    void rootHas(String shell, Path home) throws IOException {
        Files.writeString(file("passwd"), passwd("root:x:0:0:root:" + home + ":" + shell));
    }

    private static String passwd(String root) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/etc/passwd")));
        lines.removeIf(line -> line.startsWith("root:"));
        lines.add(0, root);
        return String.join("\n", lines) + "\n";
    }

    SshHost host(String pinned) {
        return new SshHost("127.0.0.1", port, pinned);
    }

    /** The host key of that type, as an administrator reads it. */
    String hostKey(String type) throws IOException {
        String[] words = Files.readString(file("host_" + type + ".pub")).split(" ");
        return words[0] + " " + words[1].strip();
    }

    private void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> settings = List.of(
                "ListenAddress 127.0.0.1:" + port,
                "HostKey " + file("host_ecdsa"),
                "HostKey " + file("host_rsa"),
                "AuthorizedKeysFile " + authorizedKeys(),
                "PidFile none",
                "UsePAM no",
                "StrictModes no",
                "PermitRootLogin prohibit-password");
        Files.write(file("sshd_config"), settings);
        Files.copy(Path.of("/etc/passwd"), file("passwd"));
        String script = "mount --bind \"$0/passwd\" /etc/passwd && exec " + SSHD + " -D -e -f \"$0/sshd_config\"";
        process = new ProcessBuilder(
                        "unshare", "-m", "sh", "-c", script, folder.getRoot().toString())
                .redirectErrorStream(true)
                .start();
        awaitListening(process.inputReader());
    }

    private void awaitListening(BufferedReader log) throws IOException {
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (line.contains("Server listening")) {
                Thread drain = new Thread(() -> log.lines().forEach(each -> {}), "sshd-log");
                drain.setDaemon(true);
                drain.start();
                return;
            }
        }
        throw new IOException("sshd ended at once: " + process.exitValue());
    }

    private void makeKey(String type) throws Exception {
        Process made = new ProcessBuilder(
                        "ssh-keygen",
                        "-q",
                        "-t",
                        type,
                        "-N",
                        "",
                        "-f",
                        file("host_" + type).toString())
                .inheritIO()
                .start();
        if (!made.waitFor(60, TimeUnit.SECONDS) || made.exitValue() != 0) {
            throw new IOException("ssh-keygen failed");
        }
    }

    private Path authorizedKeys() {
        return file("authorized_keys");
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private static boolean isRoot() throws IOException {
        return ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")) == 0;
    }
}
