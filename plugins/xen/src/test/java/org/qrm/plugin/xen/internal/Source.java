package org.qrm.plugin.xen.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.SshHost;
import org.qrm.testkit.Played;

/** A source system that is played: what it has, and files that can be fetched. */
public final class Source {

    static final String KEY = "ecdsa-sha2-nistp256 AAAA";

    String inventory =
            "hypervisor=xen-4.17-amd64.gz\nkernel=6.1.0 yes yes boot\nnetwork=10.77.0.10/24\nused-kib=1024\nrsync=yes\n"
                    + "init=systemd\n";
    final Map<String, byte[]> files = new LinkedHashMap<>();
    final List<SshHost> contacts = new ArrayList<>();

    /** What comes before the content of each file that is fetched. */
    String onTheWay = "";

    /** Each transfer ends with it. */
    int status;

    Source() {
        put("/boot/xen-4.17-amd64.gz", "hypervisor");
        put("/boot/vmlinuz-6.1.0", "kernel");
        put("/lib/modules/6.1.0/modules.dep", "kernel/fs/nfs/nfs.ko:\n");
        put("/lib/modules/6.1.0/modules.alias", "alias fs-nfs nfs\n");
        put("/lib/modules/6.1.0/modules.builtin", "kernel/fs/ext4/ext4.ko\n");
        put("/lib/modules/6.1.0/modules.order", "kernel/fs/nfs/nfs.ko\n");
        put("/lib/modules/6.1.0/kernel/fs/nfs/nfs.ko", "module");
    }

    void put(String path, String content) {
        files.put(path, content.getBytes(UTF_8));
    }

    RemoteCommands commands() {
        return Played.by(RemoteCommands.class, this);
    }

    public String authorizedKey() {
        return "ecdsa-sha2-nistp256 BBBB qrm";
    }

    public String offeredHostKey(String address, int port) {
        return KEY;
    }

    public CommandResult run(SshHost host, Command command) {
        contacts.add(host);
        if (command.words().contains("\"$@\" | sha256sum")) {
            return new CommandResult(0, sha256(sent(command.words())) + "  -\n", "", false);
        }
        return new CommandResult(0, inventory, "", false);
    }

    public RemoteCommands.Session open(
            SshHost host, List<String> words, Duration timeLimit, Consumer<String> progress) {
        contacts.add(host);
        byte[] content = sent(words);
        byte[] arriving = (onTheWay + new String(content, UTF_8)).getBytes(UTF_8);
        return new Transfer(arriving, files.containsKey(words.get(words.size() - 1)) ? status : 1);
    }

    private byte[] sent(List<String> words) {
        return files.getOrDefault(words.get(words.size() - 1), new byte[0]);
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private record Transfer(byte[] content, int status) implements RemoteCommands.Session {
        @Override
        public OutputStream input() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream output() {
            return new ByteArrayInputStream(content);
        }

        @Override
        public int await() {
            return status;
        }

        @Override
        public void close() {
            // nothing runs
        }
    }
}
