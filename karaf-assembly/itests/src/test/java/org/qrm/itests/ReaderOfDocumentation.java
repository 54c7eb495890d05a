package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Somebody who types the commands of a page, one after the other, into one shell. It has a home, a network with all
 * ports free, and processes of its own, none of which outlives it.
 */
final class ReaderOfDocumentation implements AutoCloseable {

    private static final long SECONDS_A_COMMAND = 300;
    private static final long SECONDS_UNTIL_IT_SAYS_SO = 90;

    private final Path home;
    private final Path answers;
    private final Process shell;
    private final Writer keys;
    private int typed;

    /** @param folder an empty one */
    ReaderOfDocumentation(Path folder) throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
        answers = Files.createDirectories(folder.resolve("answers"));
        Files.createDirectories(folder.resolve("bin"));
        ProcessBuilder builder = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        "bash",
                        "--norc",
                        "--noprofile")
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("shell.log").toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("QRM_") || name.startsWith("MAVEN_") || name.startsWith("XDG_"));
        builder.environment().put("HOME", home.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        shell = builder.start();
        keys = shell.outputWriter(StandardCharsets.UTF_8);
        run("ip link set lo up");
    }

    Path home() {
        return home;
    }

    /** Something that the reader has in place of a program: it does what a person would answer. */
    void has(String program, String script) throws IOException {
        Path file = home.resolveSibling("bin").resolve(program);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A command that has to work. */
    void run(String command) throws IOException {
        Answer answer = type(command);
        assertEquals(command + "\n" + answer, 0, answer.status);
    }

    void follow(String page, DocumentedCommands.Step step) throws IOException, InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(step.again() ? SECONDS_UNTIL_IT_SAYS_SO : 0);
        Answer answer = type(step.command());
        while (System.nanoTime() < limit && !(answer.status == step.status() && step.isAsShown(answer.output))) {
            TimeUnit.MILLISECONDS.sleep(500);
            answer = type(step.command());
        }
        String where = page + ", line " + step.line() + ": " + step.command() + "\n" + answer;
        assertEquals(where, step.status(), answer.status);
        assertTrue(
                where + "\nis not as the page shows it:\n"
                        + String.join("\n", step.shown() == null ? List.of() : step.shown()),
                step.isAsShown(answer.output));
    }

    private record Answer(int status, List<String> output) {

        @Override
        public String toString() {
            return "(status " + status + ")\n" + String.join("\n", output);
        }
    }

    private Answer type(String command) throws IOException {
        int number = typed++;
        Path file = answers.resolve(number + ".sh");
        Path output = answers.resolve(number + ".out");
        Path status = answers.resolve(number + ".status");
        // in a block of several, the first that fails ends it
        Files.writeString(file, String.join(" &&\n", commands(command)) + "\n");
        keys.write(". '" + file + "' >'" + output + "' 2>&1 </dev/null; echo $? >'" + status + ".new'; mv '" + status
                + ".new' '" + status + "'\n");
        keys.flush();
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_A_COMMAND);
        while (!Files.exists(status)) {
            if (System.nanoTime() > limit || !shell.isAlive()) {
                throw new AssertionError(
                        command + "\ndid not end: " + (Files.exists(output) ? Files.readString(output) : ""));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
        return new Answer(Integer.parseInt(Files.readString(status).strip()), Files.readAllLines(output));
    }

    /** The commands of a block: a line each, with what its end carries on to the next. */
    private static List<String> commands(String block) {
        List<String> commands = new ArrayList<>();
        boolean goesOn = false;
        for (String line : block.lines().toList()) {
            if (goesOn) {
                commands.set(commands.size() - 1, commands.get(commands.size() - 1) + "\n" + line);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                commands.add(line.replaceAll("\\s+# .*$", ""));
            }
            goesOn = line.endsWith("\\");
        }
        return commands;
    }

    @Override
    public void close() throws IOException {
        keys.close();
        try {
            if (!shell.waitFor(10, TimeUnit.SECONDS)) {
                shell.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            shell.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
