package org.qrm.netboot.internal;

import java.nio.charset.StandardCharsets;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Registered;
import org.qrm.api.storage.Mount;

/** Writes answers to machines as lines of {@code key=value} (docs/node-protocol.md). */
final class NodeAnswer {

    private static final byte[] IDLE = new NodeAnswer().put("do", "idle").bytes();
    private static final byte[] CONTINUE =
            new NodeAnswer().put("do", "continue").bytes();
    private static final byte[] REBOOT = new NodeAnswer().put("do", "reboot").bytes();
    private static final byte[] POWER_OFF =
            new NodeAnswer().put("do", "power-off").bytes();
    private static final byte[] LOCAL_BOOT =
            new NodeAnswer().put("do", "local-boot").bytes();

    /** A line of its own for each secret argument: {@code name=value}. */
    private static final String SECRET = "argument";

    private final StringBuilder text = new StringBuilder(512);

    /**
     * The answer to a registration.
     *
     * @param credentials the node token as the machine shall present it
     */
    static byte[] registered(Registered registered, NodeCredentials credentials) {
        return new NodeAnswer()
                .put("resource", Long.toString(registered.resource()))
                .put("node-token", credentials.text())
                .put("authorized-key", registered.authorizedKey())
                .put("interval", Integer.toString(registered.intervalSeconds()))
                .put(registered.instruction())
                .bytes();
    }

    /** An instruction alone: the answer to a report. */
    static byte[] instruction(Instruction instruction) {
        if (instruction instanceof Instruction.Continue) {
            return CONTINUE;
        } else if (instruction instanceof Instruction.Idle) {
            return IDLE;
        } else if (instruction instanceof Instruction.Reboot) {
            return REBOOT;
        } else if (instruction instanceof Instruction.PowerOff) {
            return POWER_OFF;
        } else if (instruction instanceof Instruction.LocalBoot) {
            return LOCAL_BOOT;
        }
        return new NodeAnswer().put(instruction).bytes();
    }

    /** A refusal: one line, whatever the text holds. */
    static byte[] error(String why) {
        StringBuilder line = new StringBuilder(why.length());
        why.codePoints()
                .limit(NodeMessage.MAX_VALUE / 4)
                .forEach(c -> line.appendCodePoint(NodeMessage.isControl(c) ? '?' : c));
        return new NodeAnswer().put("error", line.toString()).bytes();
    }

    private NodeAnswer put(Instruction instruction) {
        if (instruction instanceof Instruction.StartImage start) {
            return put(start);
        }
        text.append(new String(instruction(instruction), StandardCharsets.UTF_8));
        return this;
    }

    private NodeAnswer put(Instruction.StartImage start) {
        Mount mount = start.mount();
        put("do", "mount");
        put("environment", start.environment());
        put("hostname", start.hostname());
        put("storage", mount.type());
        put("source", mount.source());
        put("options", mount.options());
        put("mode", start.overlay() ? "overlay" : "rw");
        for (Instruction.BootServicePackage service : start.bootServices()) {
            put("boot-service", service.plugin() + "," + service.sha256());
        }
        start.secretArguments().forEach(argument -> put(SECRET, argument));
        return this;
    }

    private NodeAnswer put(String key, String value) {
        if (value == null || value.codePoints().anyMatch(NodeMessage::isControl)) {
            throw unusable(key, value, "it holds a control character, or is missing");
        }
        int bytes = value.length() * 3 <= NodeMessage.MAX_VALUE ? 0 : value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > NodeMessage.MAX_VALUE) {
            throw unusable(key, value, "it has more than " + NodeMessage.MAX_VALUE + " bytes");
        }
        text.append(key).append('=').append(value).append('\n');
        return this;
    }

    private byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Secrets are no part of the message: only what comes from names and mounts is shown. */
    private static QrmException unusable(String key, String value, String reason) {
        String shown = key.endsWith("token") || key.equals(SECRET) ? key : key + "=" + Name.printable(value);
        return QrmException.failed(
                "answer a machine", shown, reason, "Correct what the plug-in or the image says.", null);
    }
}
