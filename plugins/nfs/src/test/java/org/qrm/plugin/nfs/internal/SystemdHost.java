package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem.Kind;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;

/**
 * A storage server with systemd, the kernel's NFS server and file systems that a directory plays: to mount a disk is to move what
 * "it holds" to the place. A test can end the script before each of its programs.
 */
final class SystemdHost {

    /** Ends the script there, as a lost connection or a power failure does, before the step of that number. */
    private static final String STEP = """
            steps=0
            if [ -n "${KILL_AT-}" ]; then
                { read -r steps <"$QRM_TEST_ROOT/steps" || :; } 2>/dev/null
                steps=$((steps + 1))
                echo $steps >"$QRM_TEST_ROOT/steps"
            fi
            if [ "$steps" = "${KILL_AT-}" ]; then
                p=$PPID
                while tr '\\0' ' ' </proc/$p/cmdline | grep -q '^sh -s --'; do
                    scripts="$p ${scripts-}"
                    p=$(sed -n 's/^PPid:[[:space:]]*//p' /proc/$p/status)
                done
                kill -9 $scripts
                exit 1
            fi
            """;

    /** Where it is what a disk holds: a volume, a file, or a dataset. */
    private static final String HOLDS = """
            holds() {
                case $1 in
                    /dev/*) echo "$QRM_TEST_ROOT$1.holds" ;;
                    /*) echo "${1%.new}.holds" ;;
                    *) echo "$QRM_TEST_ROOT/zfs/$(echo "$1" | tr / %).holds" ;;
                esac
            }
            """;

    final Path system;
    final Path images;

    private final ScriptedHost host;
    private final LocalCommands commands;

    /** @param commands are carried out on it */
    SystemdHost(TemporaryFolder folder, LocalCommands commands) throws IOException {
        this.commands = commands;
        host = new ScriptedHost(folder, commands);
        system = host.system;
        images = host.images;
        Files.createDirectories(system.resolve("proc/self"));
        Files.createDirectories(system.resolve("run/systemd/system"));
        Files.writeString(system.resolve("proc/self/mountinfo"), "22 1 254:1 / / rw - ext4 /dev/vda1 rw\n");
        program("exportfs", ScriptedHost.EXPORTFS);
        program("losetup", "[ \"$1\" != -nO ] || echo /dev/loop0");
        program("resize2fs", "echo \"$*\" >>\"$QRM_TEST_ROOT/resized\"");
        program("e2fsck", "exit 1"); // corrected something
        program("mkfs.ext4", HOLDS + "for last; do :; done; /bin/mkdir \"$(holds \"$last\")\"");
        program("systemctl", "echo \"$*\" >>\"$QRM_TEST_ROOT/systemctl\"");
        program("systemd-escape", "for last; do :; done; echo \"$(echo \"${last#/}\" | tr / -).${2#--suffix=}\"");
        program("mount", HOLDS + """
                [ "$*" = "-t $2 -o $4 -- $6 $7" ] && [ -d "$7" ] && [ -z "$(ls -A "$7")" ] || exit 1
                echo "$4" >"$QRM_TEST_ROOT/options"
                find "$(holds "$6")" -mindepth 1 -maxdepth 1 -exec /bin/mv {} "$7/" ';'
                echo "30 22 7:0 / $7 rw - $2 $6 rw" >>"$QRM_TEST_ROOT/proc/self/mountinfo"
                """);
        program("umount", HOLDS + """
                disk=$(awk -v p="$2" '$5 == p { print $9 }' "$QRM_TEST_ROOT/proc/self/mountinfo")
                find "$2" -mindepth 1 -maxdepth 1 -exec /bin/mv {} "$(holds "$disk")/" ';'
                sed -i "\\\\# $2 rw#d" "$QRM_TEST_ROOT/proc/self/mountinfo"
                """);
        for (String real : List.of("mv", "rmdir", "mkdir", "truncate")) {
            program(real, "exec /bin/" + real + " \"$@\"");
        }
        program("cp", """
                /bin/cp "$@" || exit
                for last; do from=${to-} to=$last; done
                [ ! -d "$from.holds" ] || { /bin/rm -rf "${to%.new}.holds" && /bin/cp -a "$from.holds" "${to%.new}.holds"; }
                """);
        program("sync", "case $1 in /dev/*) ;; *) exec /bin/sync \"$@\" ;; esac");
        program("rm", """
                for last; do :; done
                case $last in *.img) /bin/rm -rf "$last.holds" ;; esac
                exec /bin/rm "$@"
                """);
    }

    void program(String name, String body) throws IOException {
        host.program(name, STEP + body);
    }

    /** As in release 0.1: made by QRM, and filled. */
    FilesystemImage directory(String name) throws IOException {
        Files.createDirectories(images.resolve(".qrm"));
        Files.writeString(
                images.resolve(".qrm").resolve(name), "path=" + images.resolve(name) + "\nmade=yes\nstate=ready\n");
        Files.createDirectories(images.resolve(name).resolve("etc"));
        Files.writeString(images.resolve(name).resolve("etc/hosts"), "127.0.0.1");
        return Bench.image(name, images.resolve(name));
    }

    /** Whether the work had that many steps. */
    boolean killedAt(int step, Runnable work) throws IOException {
        Files.deleteIfExists(system.resolve("steps"));
        commands.environment.put("KILL_AT", String.valueOf(step));
        try {
            work.run();
            return false;
        } catch (QrmException killed) {
            assertEquals(
                    "step " + step + ": " + killed.getMessage(),
                    Kind.FAILED,
                    killed.problem().kind());
            assertTrue(killed.getMessage(), killed.getMessage().contains("137"));
            return true;
        } finally {
            commands.environment.remove("KILL_AT");
        }
    }

    /** Of a storage server on which nothing mounts at boot. */
    void restart() throws Exception {
        for (String line : Files.readAllLines(system.resolve("proc/self/mountinfo"))) {
            String place = line.split(" ")[4];
            if (!place.equals("/")) {
                GaneshaHost.run(
                        "env",
                        "QRM_TEST_ROOT=" + system,
                        host.programs.resolve("umount").toString(),
                        "--",
                        place);
            }
        }
    }

    String exported(String image) throws IOException {
        return Files.readString(system.resolve("etc/exports.d/qrm-" + image + ".exports"));
    }

    void assertNothingIsLeft() throws IOException {
        try (var files = Files.walk(images)) {
            assertEquals(List.of(images), files.toList());
        }
        assertEquals(
                1, Files.readAllLines(system.resolve("proc/self/mountinfo")).size());
    }
}
