package org.qrm.plugin.xen.internal;

import static org.junit.Assume.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.exec.SshHost;

/** A real OpenSSH server on the loopback interface, in a mount name space where /boot and /lib are a source system's. */
final class SourceHost extends ExternalResource {

    private final TemporaryFolder folder = new TemporaryFolder();
    private Process process;
    private int port;

    @Override
    protected void before() throws Throwable {
        for (String program : List.of("/usr/sbin/sshd", "/usr/bin/xz", "/usr/bin/zstd", "/usr/bin/cpio")) {
            assumeTrue("skipped: there is no " + program, Files.isExecutable(Path.of(program)));
        }
        assumeTrue("skipped: only root can start an SSH server that root logs in at", isRoot());
        Files.createDirectories(Path.of("/run/sshd")); // sshd wants it for privilege separation
        folder.create();
        run("ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", file("host").toString());
        makeSource();
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
        Files.writeString(file("authorized_keys"), authorizedKey + "\n");
    }

    SshHost host() {
        return new SshHost("127.0.0.1", port, null);
    }

    private void makeSource() throws Exception {
        Path boot = Files.createDirectories(file("boot"));
        Files.writeString(boot.resolve("xen-4.9-amd64.gz"), "older");
        Files.writeString(boot.resolve("xen-4.17-amd64.gz"), "newer");
        Files.createSymbolicLink(boot.resolve("xen-99-link.gz"), Path.of("xen-4.9-amd64.gz"));
        for (String version : List.of("6.1.0-9-amd64", "6.1.0-40-amd64", "6.1.0-41-cloud-amd64")) {
            Files.writeString(boot.resolve("vmlinuz-" + version), version);
            boolean cloud = version.contains("cloud");
            Files.writeString(
                    boot.resolve("config-" + version),
                    cloud ? "# CONFIG_XEN_DOM0 is not set\n" : "CONFIG_XEN_DOM0=y\n");
            if (!cloud) {
                makeModules(Files.createDirectories(file("modules").resolve(version)));
            }
        }
    }

    private void makeModules(Path modules) throws Exception {
        Path kernel = Files.createDirectories(modules.resolve("kernel"));
        for (String module : List.of("nfs", "overlay", "e1000", "igb", "drm")) {
            Files.writeString(kernel.resolve(module + ".ko"), module);
        }
        run("xz", kernel.resolve("overlay.ko").toString());
        run("zstd", "-q", "--rm", kernel.resolve("e1000.ko").toString());
        run("gzip", kernel.resolve("igb.ko").toString());
        Files.writeString(
                modules.resolve("modules.dep"),
                "kernel/nfs.ko:\nkernel/overlay.ko.xz:\nkernel/e1000.ko.zst:\nkernel/igb.ko.gz:\nkernel/drm.ko:\n");
        for (String index : List.of("alias", "builtin", "order")) {
            Files.writeString(modules.resolve("modules." + index), "");
        }
    }

    private void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.write(
                file("sshd_config"),
                List.of(
                        "ListenAddress 127.0.0.1:" + port,
                        "HostKey " + file("host"),
                        "AuthorizedKeysFile " + file("authorized_keys"),
                        "PidFile none",
                        "UsePAM no",
                        "StrictModes no",
                        "PermitRootLogin prohibit-password"));
        String script = "set -e; mount -t tmpfs tmpfs /boot; cp -a \"$0\"/boot/. /boot/;"
                + " mount -t overlay overlay -o lowerdir=\"$0\"/lib:/usr/lib /usr/lib;"
                + " exec /usr/sbin/sshd -D -e -f \"$0\"/sshd_config";
        Files.createDirectories(file("lib"));
        Files.move(file("modules"), file("lib").resolve("modules"));
        process = new ProcessBuilder(
                        "unshare", "-m", "sh", "-c", script, folder.getRoot().toString())
                .redirectErrorStream(true)
                .start();
        awaitListening(process.inputReader());
    }

    private void awaitListening(BufferedReader log) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (line.contains("Server listening")) {
                Thread drain = new Thread(() -> log.lines().forEach(each -> {}), "sshd-log");
                drain.setDaemon(true);
                drain.start();
                return;
            }
            said.append(line).append('\n');
        }
        throw new IOException("sshd ended at once: " + said);
    }

    private static void run(String... command) throws Exception {
        Process made = new ProcessBuilder(command).inheritIO().start();
        try (OutputStream in = made.getOutputStream()) {
            in.flush();
        }
        if (!made.waitFor(60, TimeUnit.SECONDS) || made.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private static boolean isRoot() throws IOException {
        return ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")) == 0;
    }
}
