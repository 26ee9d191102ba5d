Attribute VB_Name = "XltaxCalls"
Option Explicit
' This module passes a TAX_ function to Python and puts the answer into the cell. It does no arithmetic.

Private Const MODULE_NAME As String = "xltax.faces.excel_udfs"
Private mProblem As String

Public Function XltaxCall(ByVal functionName As String, ByVal arguments As Variant) As Variant
    ' An answer that begins with character 21 is an error message. The cell gets a real #VALUE!, which SUM does not
    ' skip. The button Why? shows the message.
    Dim answer As Variant
    On Error GoTo Failed
    ' xlwings would look for code in the sheets of a workbook, so no workbook is passed.
    answer = XLPy.CallUDF(MODULE_NAME, functionName, arguments, Nothing, Application.Caller)
    If VarType(answer) = vbString Then
        If Left$(answer, 1) = Chr$(21) Then
            mProblem = Mid$(answer, 2)
            Debug.Print mProblem
            XltaxCall = CVErr(2015)
            Exit Function
        End If
    End If
    XltaxCall = answer
    Exit Function
Failed:
    mProblem = functionName & ": Python could not be reached. Run xltax doctor. (" & Err.Description & ")"
    Debug.Print mProblem
    XltaxCall = CVErr(2015)
End Function

Public Function XltaxWhy(ByVal cell As Range) As String
    ' Says what is wrong in a cell that shows #VALUE!: calculates the formula once more and returns its message.
    mProblem = ""
    On Error Resume Next
    If cell.HasArray Then
        cell.CurrentArray.Calculate
    Else
        cell.Calculate
    End If
    On Error GoTo 0
    XltaxWhy = mProblem
    If mProblem = "" Then XltaxWhy = "The formula in this cell has no xltax error."
End Function
