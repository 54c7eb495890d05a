package org.qrm.itests;

import static org.junit.Assume.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * After a power cut the server may be up before the hosts that it works on: a storage server with a real SSH server and
 * NFS-Ganesha, in namespaces of the test's own.
 */
public class HostAwayIT {

    private static final List<String> PROGRAMS =
            List.of("/usr/sbin/sshd", "/usr/bin/ganesha.nfsd", "/usr/sbin/rpcbind", "/usr/sbin/ip");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void hasWhatAStorageServerNeeds() throws Exception {
        for (String program : PROGRAMS) {
            assumeTrue(
                    "skipped: there is no " + program + " (Debian: openssh-server, nfs-ganesha-vfs, rpcbind, iproute2)",
                    Files.isExecutable(Path.of(program)));
        }
        assumeTrue(
                "skipped: the test needs root for a network of its own",
                new ProcessBuilder("unshare", "--net", "true").start().waitFor() == 0);
    }

    @Test
    public void workOverSshThatAKillCutOffWaitsForItsHostAndGoesOn() throws Exception {
        try (ReaderOfDocumentation shell =
                new ReaderOfDocumentation(folder.getRoot().toPath())) {
            serverAndStorageServer(shell);
            // an earlier attempt holds the image, so the server is in the middle of the step for as long as it takes
            shell.run("mkdir -p images/.qrm");
            shell.run("flock --no-fork images/.qrm/web.lock sleep infinity & holder=$!");
            shell.run("qrm filesystem-image create web --storage-server away --archive $HOME/web.tar");
            shell.run("log_has 'an earlier attempt on web still runs'");

            shell.run("server=$(cat $QRM_DATA/qrm-server.pid)");
            shell.run("kill -9 $server $holder $(pgrep -x sshd) $(pgrep -x flock)");
            shell.run("tail --pid=$server -f /dev/null");
            shell.run("qrm-server start");
            shell.run("log_has 'the connection was refused'");
            shell.run("log_has 'That was try 4'");
            shell.run("sshd_start");

            shell.run("qrm operation wait 1 --timeout 120");
            // with pauses that do not grow, four tries are over after four seconds
            shell.run("log_has 'It goes on after [4-6] tries that failed, over [1-9][0-9] s'");
            shell.run("log_has 'Taken up again in step'");
            shell.run("log_has 'It is tried again until the step'");
            shell.run("grep -q 'in the archive' images/web/etc/what"); // where the storage server has it mounted
        }
    }

    private static void serverAndStorageServer(ReaderOfDocumentation shell) throws Exception {
        Path home = UnpackedDistribution.home();
        shell.run("export QRM_DATA=$HOME/data QRM_JAVA_OPTS='-XX:TieredStopAtLevel=1 -Xshare:auto' PATH=" + home
                + "/bin:$PATH");
        shell.run("export QRM_ADMIN_PASSWORD=words-of-my-own QRM_PASSWORD=words-of-my-own");
        shell.run("qrm-server start");
        shell.run("mount -t tmpfs tmpfs /run");
        shell.run("mkdir -p /run/sshd /run/ganesha images exports.d");
        shell.run("ssh-keygen -q -t ecdsa -N '' -f host-key");
        shell.run("ssh-keygen -y -f $QRM_DATA/exec/id_ecdsa > authorized-keys");
        shell.run("log_has() { for n in $(seq 100); do qrm operation show 1 > seen; ! grep -q \"$1\" seen || return 0;"
                + " sleep 0.2; done; cat seen; return 1; }");
        shell.run("sshd_start() { /usr/sbin/sshd -f /dev/null -h $HOME/host-key -o ListenAddress=127.0.0.1 -o UsePAM=no"
                + " -o StrictModes=no -o AuthorizedKeysFile=$HOME/authorized-keys -o PidFile=none; }");
        shell.run("sshd_start");
        Files.writeString(shell.home().resolve("ganesha.conf"), """
                NFS_CORE_PARAM { Protocols = 3, 4; mount_path_pseudo = true; }
                %%dir "%s/exports.d"
                """.formatted(shell.home()));
        shell.run("rpcbind -w");
        shell.run("ganesha.nfsd -f $HOME/ganesha.conf -L $HOME/ganesha.log -N NIV_EVENT -p $HOME/ganesha.pid");
        shell.run("timeout 60 sh -c 'until grep -q \"NFS SERVER INITIALIZED\" ganesha.log; do sleep 0.2; done'");
        shell.run(
                "mkdir -p in-archive/etc; printf 'in the archive' > in-archive/etc/what; tar -cf web.tar -C in-archive .");
        shell.run("qrm storage-server create away --address 127.0.0.1 --export-root $HOME/images");
    }
}
