package org.qrm.plugin.nfs.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.Problem.Kind;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.WorkContext;
import org.qrm.plugin.nfs.internal.StorageHost.Answer;

/**
 * Copies the root file system of a running machine to a storage server, with rsync on both and this server in between, so
 * that neither needs to trust or even reach the other. A copy that was cut off goes on where it was.
 */
final class SystemCopy {

    private static final String RECEIVE = new String(StorageHost.resource("receive.sh"), StandardCharsets.UTF_8);
    private static final String COPY = "copy the source system";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?");
    private static final Pattern PROGRESS = Pattern.compile("\\s*[0-9,.]+\\s+([0-9]{1,3})%\\s+(\\S+)\\s.*");
    private static final Pattern TO_TRANSFER = Pattern.compile("Total transferred file size: ([0-9,]{1,25}) bytes");
    private static final Pattern FILES = Pattern.compile("Number of files: ([0-9,]{1,20})\\b.*");
    private static final Pattern STATISTICS =
            Pattern.compile("(Number of|Total|Literal data|Matched data|File list|sent|total size)\\b.*");

    /** Arguments for find(1), which prints size and blocks of 512 bytes of each file. */
    private static final String HOLES =
            "find \"$@\" 2>/dev/null | awk '{ hole = $1 - $2 * 512; if (hole > 0) sum += hole }"
                    + " END { printf \"%.0f\", sum }'";

    private static final int SOME_VANISHED = 24;

    /** rsync's statuses when its stream holds something else than its protocol: 2 at the start, 12 later (rsync(1)). */
    private static final Set<Integer> STREAM_BROKEN = Set.of(2, 12);

    private final RemoteCommands commands;
    private final Patient patient;
    private final StorageHost storage;
    private final WorkContext work;

    SystemCopy(RemoteCommands commands, Patient patient, StorageHost storage, WorkContext work) {
        this.commands = commands;
        this.patient = patient;
        this.storage = storage;
        this.work = work;
    }

    /** @param place export root, image name, path and settings, as the script takes them */
    void run(ImageSource.System source, String... place) {
        if (!HOST.matcher(source.address()).matches()) {
            throw QrmException.invalid(
                    COPY, Name.printable(source.address()), "that is no address or host name", "Correct it.");
        }
        Answer begun = begin(source.hostKey() == null ? "" : source.hostKey(), place);
        if (begun.value("staging") == null) {
            return;
        }
        SshHost from = new SshHost(source.address(), HostKeyPins.PORT, hostKey(source, begun, place));
        String mounts = mountsOf(from);
        List<String> excludes = new ArrayList<>(SourceMounts.excludes(mounts));
        excludes.addAll(SourceMounts.swapFiles(outputOf(from, "cat", "/proc/swaps")));
        excludes.addAll(SourceExcludes.parse(outputOf(from, "cat", SourceExcludes.FILE)));
        work.log("Left out: " + String.join(" ", excludes));
        List<String> filters = filters(SourceMounts.closedPoints(mounts), excludes);
        long needed = refuseIfItDoesNotFit(from, begun, excludes, filters);
        storage.run(work, COPY, "make_room", with(place, String.valueOf(Math.max(0, needed))));
        copy(from, begun, filters);
        storage.run(work, COPY, "finish_copy", place);
    }

    private Answer begin(String hostKey, String... place) {
        return storage.run(work, COPY, "begin_copy", with(place, hostKey));
    }

    private static String[] with(String[] place, String argument) {
        List<String> arguments = new ArrayList<>(List.of(place));
        arguments.add(argument);
        return arguments.toArray(String[]::new);
    }

    /** The first key seen is kept beside the image, so that a copy that goes on later goes on from the same machine. */
    private String hostKey(ImageSource.System source, Answer begun, String... place) {
        if (!begun.value("source-host-key").isEmpty()) {
            return begun.value("source-host-key");
        }
        String offered = commands.offeredHostKey(source.address(), HostKeyPins.PORT);
        work.log("First contact with source system " + source.address() + ": host key "
                + HostKeyPins.fingerprint(offered) + " is pinned for this copy");
        begin(offered, place);
        return offered;
    }

    /** With what is mounted as soon as somebody looks; a server that does not answer is not waited for. */
    private String mountsOf(SshHost from) {
        String mounts = readMounts(from);
        List<String> waiting = SourceMounts.automounts(mounts);
        if (waiting.isEmpty()) {
            return mounts;
        }
        List<String> look = new ArrayList<>(List.of("timeout", "20", "ls", "-d", "--"));
        waiting.forEach(point -> look.add(point + "/."));
        outputOf(from, look.toArray(String[]::new));
        return readMounts(from);
    }

    private String readMounts(SshHost from) {
        Command command = Command.of(Duration.ofMinutes(1), "cat", "/proc/self/mountinfo");
        CommandResult result = patient.await(work, new Patient.Lines(), line -> {}, () -> commands.run(from, command));
        if (result.exitStatus() != 0) {
            throw QrmException.failed(
                    COPY,
                    from.address(),
                    "its mounts cannot be read: " + Name.printable(result.error()),
                    "Only Linux systems can be copied.",
                    null);
        }
        return result.output();
    }

    /** What a command there says, or nothing if it fails. */
    private String outputOf(SshHost from, String... words) {
        Command command = Command.of(Duration.ofMinutes(1), words);
        CommandResult result = patient.await(work, new Patient.Lines(), line -> {}, () -> commands.run(from, command));
        return result.exitStatus() == 0 ? result.output() : "";
    }

    /** How much of the files' size occupies no blocks; 0 when the source cannot tell. */
    private long holes(SshHost from, List<String> excludes) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", HOLES, "qrm", "/", "("));
        for (String pattern : excludes) {
            words.addAll(List.of("-path", pattern, "-o"));
        }
        words.addAll(List.of("-false", ")", "-prune", "-o", "-type", "f", "-size", "+64k", "-printf", "%s %b\\n"));
        Command command = Command.of(Patient.timeLeft(work), words.toArray(String[]::new));
        CommandResult result = patient.await(work, new Patient.Lines(), line -> {}, () -> commands.run(from, command));
        String bytes = result.output().strip();
        return bytes.matches("[0-9]{1,18}") ? Long.parseLong(bytes) : 0;
    }

    /** @return KiB that are needed */
    private long refuseIfItDoesNotFit(SshHost from, Answer begun, List<String> excludes, List<String> filters) {
        work.progress(0, "comparing files");
        long[] found = new long[2];
        transfer(from, begun, true, with(filters, "--dry-run", "--stats"), line -> {
            found[0] = Math.max(found[0], number(TO_TRANSFER, line));
            found[1] = Math.max(found[1], number(FILES, line));
            if (!STATISTICS.matcher(line).matches()) {
                work.log(line);
            }
        });
        long needed = found[0] / 1024 + found[1];
        long free = begun.number("free-kib");
        work.log(found[0] / (1024 * 1024) + " MiB in " + found[1] + " files are to be copied");
        if (needed > free) {
            long holes = Math.min(holes(from, excludes), found[0]) / 1024;
            work.log(holes / 1024 + " MiB of the files are holes, which take no room");
            needed -= holes;
        }
        if (needed > free) {
            throw new QrmException(new Problem(
                    Kind.REFUSED,
                    COPY,
                    from.address(),
                    needed / 1024 + " MiB are to be copied, and " + free / 1024 + " MiB are free on the storage server",
                    "Make room there, and try again: what has been copied is kept."));
        }
        return needed;
    }

    private void copy(SshHost from, Answer begun, List<String> filters) {
        long started = System.nanoTime();
        int[] percent = {-1};
        transfer(from, begun, false, with(filters, "--partial", "--info=progress2"), line -> {
            Matcher progress = PROGRESS.matcher(line);
            if (!progress.matches()) {
                work.log(line);
            } else if (percent[0] != Integer.parseInt(progress.group(1))) {
                percent[0] = Integer.parseInt(progress.group(1));
                work.progress(Math.min(100, percent[0]) / 100.0, "copying, " + progress.group(2));
            }
        });
        work.log("Copied in " + Duration.ofNanos(System.nanoTime() - started).toSeconds() + " s");
    }

    private void transfer(SshHost from, Answer begun, boolean listOnly, List<String> options, Patient.Heard heard) {
        List<String> words =
                new ArrayList<>(List.of("sh", "-c", RECEIVE, "qrm", begun.value("staging"), begun.value("lock")));
        words.addAll(options);
        Patient.Lines lines = new Patient.Lines();
        StorageHost.Report report = new StorageHost.Report(work);
        Relay relay = new Relay(commands, patient, Patient.timeLeft(work));
        Relay.Ended ended = patient.await(
                work,
                lines,
                line -> {
                    if (line.startsWith("qrm-")) {
                        report.line(line);
                    } else if (!line.isBlank()) {
                        heard.line(line);
                        report.remember(line);
                    }
                },
                () -> relay.run(
                        storage.address(), words, from, asked -> RsyncSender.words(asked, listOnly), lines::add));
        if (ended.server() == 127) {
            throw new QrmException(new Problem(
                    Kind.UNAVAILABLE,
                    COPY,
                    from.address(),
                    "rsync is not installed there",
                    "Install it on the source system: apt-get install rsync."));
        }
        if (ended.client() == SOME_VANISHED) {
            work.log("Some files vanished while they were copied, as is usual for a running system");
        } else if (ended.client() != 0) {
            if (STREAM_BROKEN.contains(ended.client())) {
                report.advise(
                        "Look at what root's start-up files on the source system (.bashrc, .cshrc …) do when a command"
                                + " is run: they must not read its input. Then see whether rsync ends there by itself"
                                + " (its log, memory, disk).");
            }
            throw report.problem(COPY, from.address(), ended.client());
        }
    }

    /** Rules for rsync. A closed point that can be looked at is a directory, for which the first rule stands, and is copied. */
    private static List<String> filters(List<String> closedPoints, List<String> excludes) {
        List<String> all = new ArrayList<>();
        closedPoints.forEach(point -> all.addAll(List.of("--include=" + point + "/", "--exclude=" + point)));
        excludes.forEach(pattern -> all.add("--exclude=" + pattern));
        return all;
    }

    private static List<String> with(List<String> filters, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(filters);
        return all;
    }

    private static long number(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        String digits = matcher.matches() ? matcher.group(1).replace(",", "") : "0";
        return digits.isEmpty() || digits.length() > 18 ? 0 : Long.parseLong(digits);
    }
}
