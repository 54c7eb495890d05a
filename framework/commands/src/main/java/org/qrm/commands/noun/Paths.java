package org.qrm.commands.noun;

import java.util.List;
import org.qrm.commands.Route;

/** The paths of one noun. */
public interface Paths {

    List<Route> routes();
}
