package org.qrm.plugin.simulator.internal.machine;

import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;

/** A machine's way from {@code do=mount} into the image. Runs under the machine's lock. */
final class ImageStart {

    private static final List<String> KEYS =
            List.of("do", "environment", "hostname", "storage", "source", "options", "mode", "boot-service");
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Run run;
    private final Session session;
    private final Lines instruction;
    private String error = "";
    private boolean news;

    ImageStart(Run run, Session session, Lines instruction) {
        this.run = run;
        this.session = session;
        this.instruction = instruction;
    }

    /** The part of an answer that says what to mount. */
    static Lines wanted(Lines answer) {
        Lines wanted = new Lines();
        for (String key : KEYS) {
            answer.all(key).forEach(value -> wanted.put(key, value));
        }
        return wanted;
    }

    boolean isFor(Lines wanted) {
        return instruction.toString().equals(wanted.toString());
    }

    void begin() {
        afterwards(run.machine().profile().mountTime(), this::mount);
    }

    private void mount() {
        if (run.machine().fault() == Fault.MOUNT_ERROR) {
            fail("cannot mount " + instruction.get("source") + ": no answer within 90 s");
        } else {
            fetchServices(instruction.all("boot-service"), 0);
        }
    }

    private void fetchServices(List<String> services, int index) {
        if (index == services.size()) {
            error = "";
            afterwards(run.machine().profile().imageTime(), this::up);
            return;
        }
        String[] service = services.get(index).split(",", 2);
        run.ask(
                () -> session.bootService(service[0]),
                answer -> {
                    if (!session.isCurrent(this)) {
                        return;
                    }
                    String wrong = check(service, answer);
                    if (wrong.isEmpty()) {
                        fetchServices(services, index + 1);
                    } else {
                        fail(wrong);
                    }
                },
                failed -> fail("cannot fetch the boot service " + service[0] + ": " + failed));
    }

    private static String check(String[] service, HttpResponse<byte[]> answer) {
        if (answer.statusCode() != 200) {
            return "cannot fetch the boot service " + service[0] + ": status " + answer.statusCode();
        }
        try {
            String digest = Wire.sha256(answer.body());
            return service.length == 2 && digest.equals(service[1])
                    ? ""
                    : "the boot service " + service[0] + " has the digest " + digest;
        } catch (GeneralSecurityException e) {
            return e.toString();
        }
    }

    private void up() {
        run.phase(Phase.ACTIVE);
        tell();
    }

    private void fail(String why) {
        error = why.length() > 400 ? why.substring(0, 400) : why;
        run.trouble(error);
        tell();
        afterwards(RETRY, this::mount);
    }

    private void tell() {
        news = true;
        session.reportSoon();
    }

    /** Whether there is something to report since this was last asked. */
    boolean reportsSoon() {
        boolean soon = news;
        news = false;
        return soon;
    }

    private void afterwards(Duration delay, Runnable action) {
        run.later(delay, () -> {
            if (session.isCurrent(this)) {
                action.run();
            }
        });
    }

    String error() {
        return error;
    }

    String environment() {
        return instruction.get("environment");
    }
}
