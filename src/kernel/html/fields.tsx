/** What one fills in. Every control brings its label, hint and place for an error, linked for those who cannot see. */
import type { Child } from 'hono/jsx'
import { t } from '#kernel/messages.ts'
import { Icon, type IconName } from './icons.tsx'

/** What a control needs to belong to its label; Field hands it to its child. */
export interface Control {
  id: string
  name: string
  required: true | undefined
  'aria-describedby': string
  'aria-invalid': 'true' | undefined
}

export interface FieldProps {
  /** Name in the form; a refusal finds the field by it. */
  name: string
  label: string
  /** The label is read, not seen. */
  labelHidden?: boolean
  hint?: Child
  /** Already translated sentence. */
  error?: string
  required?: boolean
  /** Says "optional" beside the label. */
  optional?: boolean
  /** When the same name stands twice on a page. */
  id?: string
}

const controlOf = ({ name, required, error, id = `field-${name}` }: FieldProps): Control => ({
  id,
  name,
  required: required || undefined,
  'aria-describedby': `${id}-hint ${id}-error`,
  'aria-invalid': error ? 'true' : undefined,
})

const Hint = ({ id, children }: { id: string; children: Child }) => (
  <p class="field-hint" id={`${id}-hint`}>
    {children}
  </p>
)

/** The sentence is filled by the server, or by the browser when a refusal arrives (see web/README.md). */
export const FieldError = ({ id, name, error }: { id: string; name: string; error?: string }) => (
  <p class="field-error" id={`${id}-error`} data-error-for={name} hidden={!error}>
    {error}
  </p>
)

/** For any control of your own: `<Field name="x" label={…}>{control => <input {...control} />}</Field>`. */
export const Field = (props: FieldProps & { children: (control: Control) => Child }) => {
  const control = controlOf(props)
  return (
    <div class="field" data-field={props.name}>
      <label class={props.labelHidden ? 'unseen' : 'field-label'} for={control.id}>
        {props.label}
        {props.optional && <span class="field-optional">{t('kernel.kitOptional')}</span>}
      </label>
      {props.children(control)}
      {props.hint && <Hint id={control.id}>{props.hint}</Hint>}
      <FieldError id={control.id} name={props.name} error={props.error} />
    </div>
  )
}

export interface InputProps extends FieldProps {
  type?: 'text' | 'email' | 'password' | 'url' | 'tel' | 'number' | 'date' | 'time' | 'datetime-local' | 'search' | 'color'
  value?: string | number
  placeholder?: string
  autocomplete?: string
  autofocus?: boolean
  maxlength?: number
  minlength?: number
  min?: string | number
  max?: string | number
  step?: string | number
  pattern?: string
  inputmode?: 'text' | 'numeric' | 'decimal' | 'email' | 'tel' | 'url' | 'search' | 'none'
  readonly?: boolean
  disabled?: boolean
  size?: number
  icon?: IconName
  /** Short text before or after the value, such as a unit. */
  before?: string
  after?: string
  /** Choices offered while typing (a datalist). */
  suggestions?: string[]
}

const nativeOf = (props: InputProps) => ({
  type: props.type ?? 'text',
  value: props.value,
  placeholder: props.placeholder,
  autocomplete: props.autocomplete,
  autofocus: props.autofocus || undefined,
  maxlength: props.maxlength,
  minlength: props.minlength,
  min: props.min,
  max: props.max,
  step: props.step,
  pattern: props.pattern,
  inputmode: props.inputmode,
  readonly: props.readonly || undefined,
  disabled: props.disabled || undefined,
  size: props.size,
})

export const Input = (props: InputProps) => (
  <Field {...props}>
    {control => (
      <span class="input-box">
        {props.icon && <Icon name={props.icon} />}
        {props.before && <span class="input-affix">{props.before}</span>}
        <input class="input" {...control} {...nativeOf(props)} list={props.suggestions && `${control.id}-list`} />
        {props.after && <span class="input-affix">{props.after}</span>}
        {props.suggestions && (
          <datalist id={`${control.id}-list`}>
            {props.suggestions.map(value => (
              <option value={value} />
            ))}
          </datalist>
        )}
      </span>
    )}
  </Field>
)

export interface TextAreaProps extends FieldProps {
  value?: string
  rows?: number
  placeholder?: string
  maxlength?: number
  autofocus?: boolean
  /** @ opens the people list, / the canned answers. */
  mentions?: boolean
  code?: boolean
}

export const TextArea = (props: TextAreaProps) => (
  <Field {...props}>
    {control => (
      <textarea
        class={`input textarea${props.code ? ' input-code' : ''}`}
        {...control}
        rows={props.rows ?? 4}
        placeholder={props.placeholder}
        maxlength={props.maxlength}
        autofocus={props.autofocus || undefined}
        data-mentions={props.mentions ? '' : undefined}
      >
        {props.value}
      </textarea>
    )}
  </Field>
)

export interface Choice {
  value: string
  label: string
  hint?: string
  disabled?: boolean
}

export interface SelectProps extends FieldProps {
  choices: Choice[]
  value?: string
  /** First, empty choice. */
  empty?: string
  /** Sends its form as soon as something is chosen (filters). */
  sends?: boolean
  disabled?: boolean
}

export const Select = (props: SelectProps) => (
  <Field {...props}>
    {control => (
      <span class="select-box">
        <select class="input select" {...control} data-sends={props.sends ? '' : undefined} disabled={props.disabled || undefined}>
          {props.empty !== undefined && <option value="">{props.empty}</option>}
          {props.choices.map(choice => (
            <option value={choice.value} selected={choice.value === props.value || undefined} disabled={choice.disabled || undefined}>
              {choice.label}
            </option>
          ))}
        </select>
        <Icon name="chevronDown" />
      </span>
    )}
  </Field>
)

export interface CheckProps {
  name: string
  label: Child
  hint?: Child
  value?: string
  checked?: boolean
  disabled?: boolean
  error?: string
  required?: boolean
  /** Sends its form when switched. */
  sends?: boolean
  id?: string
}

const check = (kind: 'check' | 'switch', props: CheckProps) => {
  const id = props.id ?? `field-${props.name}${props.value ? `-${props.value}` : ''}`
  return (
    <div class={`field ${kind}`} data-field={props.name}>
      <input
        type="checkbox"
        role={kind === 'switch' ? 'switch' : undefined}
        id={id}
        name={props.name}
        value={props.value ?? 'on'}
        checked={props.checked || undefined}
        disabled={props.disabled || undefined}
        required={props.required || undefined}
        aria-describedby={`${id}-hint ${id}-error`}
        aria-invalid={props.error ? 'true' : undefined}
        data-sends={props.sends ? '' : undefined}
      />
      <label for={id}>{props.label}</label>
      {props.hint && <Hint id={id}>{props.hint}</Hint>}
      <FieldError id={id} name={props.name} error={props.error} />
    </div>
  )
}

export const Checkbox = (props: CheckProps) => check('check', props)
export const Switch = (props: CheckProps) => check('switch', props)

export interface RadioGroupProps extends FieldProps {
  /** `short` stands there to be seen while the label is read. */
  choices: (Choice & { icon?: IconName; short?: string })[]
  value?: string
  /** `cards` = large targets with hint; `segments` = a row of a few short words; `scale` = a row from one end to the other, as wide as there is room. */
  look?: 'list' | 'cards' | 'segments' | 'scale'
  /** What the two ends of a scale mean. */
  ends?: [string, string]
  sends?: boolean
}

export const RadioGroup = (props: RadioGroupProps) => {
  const control = controlOf(props)
  return (
    <fieldset class={`field radios radios-${props.look ?? 'list'}`} data-field={props.name} aria-describedby={control['aria-describedby']}>
      <legend class={props.labelHidden ? 'unseen' : 'field-label'}>{props.label}</legend>
      <div class="radios-choices">
        {props.choices.map(choice => (
          <label class="radio">
            <input
              type="radio"
              name={props.name}
              value={choice.value}
              checked={choice.value === props.value || undefined}
              disabled={choice.disabled || undefined}
              required={control.required}
              data-sends={props.sends ? '' : undefined}
            />
            {choice.icon && <Icon name={choice.icon} size={props.look === 'scale' ? 32 : 16} />}
            {choice.short !== undefined && <span aria-hidden="true">{choice.short}</span>}
            <span class={props.look === 'scale' ? 'unseen' : 'radio-words'}>
              {choice.label}
              {choice.hint && <small>{choice.hint}</small>}
            </span>
          </label>
        ))}
      </div>
      {props.ends && (
        <p class="radios-ends" aria-hidden="true">
          <span>{props.ends[0]}</span>
          <span>{props.ends[1]}</span>
        </p>
      )}
      {props.hint && <Hint id={control.id}>{props.hint}</Hint>}
      <FieldError id={control.id} name={props.name} error={props.error} />
    </fieldset>
  )
}

export interface FileInputProps extends FieldProps {
  accept?: string
  multiple?: boolean
  /** Words inside the drop area. */
  prompt: string
}

export const FileInput = (props: FileInputProps) => (
  <Field {...props}>
    {control => (
      <span class="file-drop" data-file-drop>
        <Icon name="upload" size={20} />
        <span class="file-drop-words" data-file-names>
          {props.prompt}
        </span>
        <input type="file" {...control} accept={props.accept} multiple={props.multiple || undefined} />
      </span>
    )}
  </Field>
)

export interface SearchBoxProps {
  /** Where the question goes (GET). */
  action: string
  label: string
  name?: string
  value?: string
  placeholder?: string
  shortcut?: string
  /** Other filters that stay. */
  keep?: Record<string, string>
}

export const SearchBox = ({ action, label, name = 'q', value, placeholder, shortcut, keep = {} }: SearchBoxProps) => (
  <search class="search-box">
    <form method="get" action={action}>
      <Icon name="search" />
      <input
        class="input"
        type="search"
        name={name}
        value={value}
        placeholder={placeholder ?? label}
        aria-label={label}
        data-shortcut={shortcut}
        maxlength={500}
        autocomplete="off"
      />
      {Object.entries(keep).map(([key, kept]) => (
        <input type="hidden" name={key} value={kept} />
      ))}
    </form>
  </search>
)

export interface FormProps {
  action: string
  method?: 'post' | 'get'
  id?: string
  /** Key of the draft: what is typed is kept on this device at once and on the server within a second. */
  draft?: string
  /** Files go with it. */
  files?: boolean
  /** Fields side by side where there is room. */
  columns?: boolean
  /** Sentence that concerns the whole form. */
  error?: string
  hidden?: Record<string, string>
  /** Sends by itself while one types or chooses (filters; GET only). */
  live?: boolean
  /** Name read aloud. */
  label?: string
  /** Turbo frame the answer goes to. */
  frame?: string
  children: Child
}

/** A form that keeps what was typed when it is refused, and is sent with Ctrl/⌘ Enter. */
export const Form = (props: FormProps) => {
  const form = (
    <form
      class={`form${props.columns ? ' form-columns' : ''}`}
      id={props.id}
      method={props.method ?? 'post'}
      action={props.action}
      enctype={props.files ? 'multipart/form-data' : undefined}
      aria-label={props.label}
      data-live-form={props.live ? '' : undefined}
      data-turbo-frame={props.frame}
    >
      <p class="form-error" role="alert" data-form-error hidden={!props.error}>
        {props.error}
      </p>
      {Object.entries(props.hidden ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {props.children}
    </form>
  )
  return props.draft ? <trefoil-draft draft-key={props.draft}>{form}</trefoil-draft> : form
}

/** Buttons at the end of a form: the main deed first. */
export const FormActions = ({ children }: { children: Child }) => <div class="form-actions">{children}</div>

/** A group of fields with a title and a line that says what they are for. */
export const FieldSet = ({ title, hint, children }: { title: string; hint?: Child; children: Child }) => (
  <fieldset class="fieldset">
    <legend>{title}</legend>
    {hint && <p class="fieldset-hint">{hint}</p>}
    {children}
  </fieldset>
)
