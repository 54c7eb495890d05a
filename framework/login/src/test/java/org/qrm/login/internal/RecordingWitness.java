package org.qrm.login.internal;

import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told. */
final class RecordingWitness extends Witness {

    final List<String> entries = new ArrayList<>();
    final List<String> alarms = new ArrayList<>();

    @Override
    void refused(String user, String origin, String reason) {
        entries.add(user + ", " + origin + ": " + reason);
    }

    @Override
    void entered(String user, String origin, String by) {
        entries.add(user + ", " + origin + ": done" + (by.isEmpty() ? "" : " by " + by));
    }

    @Override
    void locked(String subject, String text) {
        alarms.add(subject + " " + text);
    }
}
