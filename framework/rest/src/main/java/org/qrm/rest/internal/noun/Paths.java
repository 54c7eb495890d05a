package org.qrm.rest.internal.noun;

import java.util.List;
import org.qrm.rest.internal.http.Route;

/** The paths of one noun. */
public interface Paths {

    List<Route> routes();
}
