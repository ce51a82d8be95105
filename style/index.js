import './base.css';
import './form.css';
import './files.css';
import './jobs.css';
import './views.css';
import './trust.css';
import './question.css';
