package org.qrm.plugin.simulator.internal.command;

import java.util.Arrays;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.plugin.simulator.internal.machine.Fault;

/** Completes faults. */
@Service
public class FaultCompleter implements Completer {

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        List<String> words = Arrays.stream(Fault.values()).map(Fault::word).toList();
        return new StringsCompleter(words).complete(session, line, candidates);
    }
}
