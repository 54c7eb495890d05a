package org.qrm.plugin.device;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qrm.api.operation.CancelledException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.settings.ObjectAnswers;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectSettings;

/** A machine of the server, what was answered about it, and work on it that remembers what it is told. */
public final class Machine implements ObjectSettings, WorkContext {

    public static final Resource WEB1 = made(Hardware.UNKNOWN);

    public final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final String plugin;
    private final Map<String, String> answers;
    private Instant deadline = Instant.now().plusSeconds(20);

    /**
     * Work on it may take 20 s.
     *
     * @param plugin who is answered
     * @param answers null when nobody answered
     */
    public Machine(String plugin, Map<String, String> answers) {
        this.plugin = plugin;
        this.answers = answers;
    }

    /** The machine, of that hardware. */
    public static Resource made(Hardware hardware) {
        return new Resource(
                12,
                new MacAddress("52:54:00:aa:00:01"),
                "web1",
                ResourceKind.NODE,
                null,
                null,
                ResourceState.OFF,
                "",
                hardware,
                null,
                null,
                0,
                null,
                1);
    }

    public Machine within(Duration limit) {
        deadline = Instant.now().plus(limit);
        return this;
    }

    @Override
    public Optional<Map<String, String>> open(ObjectKind kind, String object, String asking) {
        boolean asked = kind == ObjectKind.RESOURCE && object.equals("12") && asking.equals(plugin);
        return asked ? Optional.ofNullable(answers) : Optional.empty();
    }

    @Override
    public List<ObjectAnswers> list(ObjectKind kind, String object) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, String> set(ObjectKind kind, String object, String asking, Map<String, String> given) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void clear(ObjectKind kind, String object, String asking) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    @Override
    public void progress(double fraction, String doing) {
        // told again and again
    }

    @Override
    public void log(String line) {
        log.add(line);
    }

    @Override
    public void checkpoint() {
        if (!Instant.now().isBefore(deadline)) {
            throw new CancelledException("too late");
        }
    }
}
