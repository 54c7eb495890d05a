package org.qrm.plugin.nfs.internal;

import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.rules.ExternalResource;

/**
 * A storage server (10.88.0.2) that runs NFS-Ganesha, and a machine that can have the addresses 10.88.0.101 and 102, each
 * in a network namespace of its own.
 */
final class GaneshaHost extends ExternalResource {

    static final String ADDRESS = "10.88.0.2";

    private final String server = "qrm-nfs-s" + ProcessHandle.current().pid();
    private final String client = "qrm-nfs-c" + ProcessHandle.current().pid();
    private Path directory;
    private Process daemons;

    @Override
    protected void before() throws Throwable {
        for (String program :
                List.of("/usr/bin/ganesha.nfsd", "/usr/sbin/rpcbind", "/usr/bin/nfs-ls", "/usr/sbin/ip")) {
            assumeTrue(
                    "skipped: there is no " + program + " (Debian: nfs-ganesha-vfs, rpcbind, libnfs-utils, iproute2)",
                    Files.isExecutable(Path.of(program)));
        }
        assumeTrue("skipped: only root can make network namespaces", ran(List.of("ip", "netns", "add", server)) == 0);
        directory = Files.createTempDirectory("qrm-nfs");
        Files.createDirectories(directory.resolve("qrm.d"));
        Files.createDirectories(directory.resolve("root"));
        try {
            connect();
            startDaemons();
        } catch (Throwable failure) {
            after();
            throw failure;
        }
    }

    @Override
    protected void after() {
        try {
            endAllIn(server);
            endAllIn(client);
            run("ip", "netns", "del", server);
            run("ip", "netns", "del", client);
            run("rm", "-rf", "--one-file-system", directory.toString());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The export root. */
    Path root() {
        return directory.resolve("root");
    }

    Path exports() {
        return directory.resolve("qrm.d");
    }

    /** Runs a command where ganesha runs, with the mounts that it sees. */
    List<String> prefix() {
        return List.of("nsenter", "--target", String.valueOf(daemons.pid()), "--net", "--mount");
    }

    /** Runs a command on the storage server. */
    Ran onServer(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(prefix());
        all.addAll(List.of(words));
        return running(all);
    }

    /** Runs a command on the machine, under one of its addresses. */
    Ran onClient(String address, String... words) throws IOException, InterruptedException {
        run("ip", "-n", client, "route", "replace", "10.88.0.2", "dev", "eth0", "src", address);
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", client, "timeout", "60"));
        all.addAll(List.of(words));
        return running(all);
    }

    private static Ran running(List<String> words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        return new Ran(process.waitFor(), output);
    }

    /** How a command ended, and what it printed. */
    record Ran(int status, String output) {}

    /** Runs a program of libnfs-utils on the machine, under one of its addresses; answers whether it succeeded. */
    boolean client(String address, String... words) throws IOException, InterruptedException {
        run("ip", "-n", client, "route", "replace", "10.88.0.2", "dev", "eth0", "src", address);
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", client, "timeout", "20"));
        all.addAll(List.of(words));
        return ran(all) == 0;
    }

    static String url(Path path) {
        return "nfs://" + ADDRESS + path + "?version=3";
    }

    private void connect() throws IOException, InterruptedException {
        run("ip", "netns", "add", client);
        run("ip", "-n", server, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", client);
        run("ip", "-n", server, "address", "add", ADDRESS + "/24", "dev", "eth0");
        run("ip", "-n", client, "address", "add", "10.88.0.101/24", "dev", "eth0");
        run("ip", "-n", client, "address", "add", "10.88.0.102/24", "dev", "eth0");
        for (String namespace : List.of(server, client)) {
            run("ip", "-n", namespace, "link", "set", "eth0", "up");
            run("ip", "-n", namespace, "link", "set", "lo", "up");
        }
    }

    private void startDaemons() throws IOException {
        Path log = directory.resolve("ganesha.log");
        Files.createFile(log);
        Files.writeString(directory.resolve("ganesha.conf"), """
                NFS_CORE_PARAM { Protocols = 3, 4; Bind_addr = %s; mount_path_pseudo = true; }
                NFSv4 { Graceless = true; }
                %%dir "%s"
                """.formatted(ADDRESS, exports()));
        String script = """
                mount -t tmpfs tmpfs /run
                mkdir -p /run/ganesha
                rpcbind -w
                exec ganesha.nfsd -F -f "$1/ganesha.conf" -L "$1/ganesha.log" -N NIV_EVENT -p "$1/pid"
                """;
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", server));
        words.addAll(List.of("unshare", "--mount", "sh", "-ec", script, "sh", directory.toString()));
        daemons = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("daemons.log").toFile())
                .start();
        awaitReady(log);
    }

    private void awaitReady(Path log) throws IOException {
        List<String> words = List.of(
                "timeout",
                "60",
                "sh",
                "-c",
                "tail -n +1 -f \"$1\" | grep -q -m 1 'NFS SERVER INITIALIZED'",
                "sh",
                log.toString());
        try {
            if (ran(words) != 0 || !daemons.isAlive()) {
                throw new IOException("ganesha did not start: " + Files.readString(directory.resolve("daemons.log"))
                        + Files.readString(log));
            }
        } catch (InterruptedException interrupt) {
            throw new IOException(interrupt);
        }
    }

    private static void endAllIn(String namespace) throws IOException, InterruptedException {
        Process pids = new ProcessBuilder("ip", "netns", "pids", namespace).start();
        for (String pid : pids.inputReader().lines().toList()) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
        pids.waitFor();
    }

    static void run(String... words) throws IOException, InterruptedException {
        int status = ran(List.of(words));
        if (status != 0) {
            throw new IOException(List.of(words) + " ended with status " + status);
        }
    }

    private static int ran(List<String> words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(words + " hangs");
        }
        return process.exitValue();
    }
}
