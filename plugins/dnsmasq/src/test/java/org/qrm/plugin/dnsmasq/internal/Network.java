package org.qrm.plugin.dnsmasq.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server with two network interfaces, {@code named} (10.9.1.1) and {@code other} (10.9.2.1), and on each network a machine
 * with the interface {@code eth0}: three network namespaces, joined by nothing else.
 */
final class Network {

    private static int count;

    final String server;
    final String machine;
    final String otherMachine;

    Network() throws Exception {
        String id = ProcessHandle.current().pid() + "-" + count++;
        server = "qrm-s-" + id;
        machine = "qrm-m-" + id;
        otherMachine = "qrm-o-" + id;
        try {
            for (String namespace : List.of(server, machine, otherMachine)) {
                run("ip", "netns", "add", namespace);
                in(namespace, "ip", "link", "set", "lo", "up");
            }
            join("named", "10.9.1.1/24", machine);
            join("other", "10.9.2.1/24", otherMachine);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** Runs a program in a namespace to its end and returns what it says; its failure is one of the test. */
    static String in(String namespace, String... program) throws Exception {
        return run(command(namespace, program).toArray(String[]::new));
    }

    /** Starts a program in a namespace; whoever starts it ends it. */
    static Process start(String namespace, String... program) throws IOException {
        return new ProcessBuilder(command(namespace, program))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Whether a DHCP client gets an address. */
    static boolean getsAnAddress(String namespace) throws Exception {
        Process client = start(
                namespace,
                "busybox",
                "udhcpc",
                "-i",
                "eth0",
                "-n",
                "-q",
                "-f",
                "-t",
                "5",
                "-T",
                "1",
                "-s",
                "/bin/true");
        client.getInputStream().readAllBytes();
        return client.waitFor() == 0;
    }

    void close() throws Exception {
        for (String namespace : List.of(server, machine, otherMachine)) {
            new ProcessBuilder("ip", "netns", "del", namespace).start().waitFor();
        }
    }

    private void join(String name, String address, String peer) throws Exception {
        run("ip", "-n", server, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", peer);
        run("ip", "-n", server, "addr", "add", address, "dev", name);
        run("ip", "-n", server, "link", "set", name, "up");
        run("ip", "-n", peer, "link", "set", "eth0", "up");
    }

    private static List<String> command(String namespace, String... program) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(List.of(program));
        return command;
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }
}
